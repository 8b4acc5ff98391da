using System.Runtime.CompilerServices;

namespace UnbindPortal.Support.Requirements;

/// <summary>A test that drives a real browser; skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute([CallerMemberName] string test = "") => Requirement.SkipIf(this, test, Requirement.Chromium);
}

/// <summary>A theory that drives a real browser; skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute([CallerMemberName] string test = "") => Requirement.SkipIf(this, test, Requirement.Chromium);
}

/// <summary>A test that runs a child process bound by file modes (root ignores them).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute([CallerMemberName] string test = "") => Requirement.SkipIf(this, test, Requirement.Unprivileged);
}

/// <summary>A test that needs signals and processes as Linux has them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute([CallerMemberName] string test = "") => Requirement.SkipIf(this, test, Requirement.Linux);
}

/// <summary>A theory that needs signals and processes as Linux has them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute([CallerMemberName] string test = "") => Requirement.SkipIf(this, test, Requirement.Linux);
}
