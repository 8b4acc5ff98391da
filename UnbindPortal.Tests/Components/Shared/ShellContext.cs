using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace UnbindPortal.Components.Shared;

/// <summary>Renders shared components with the real texts, in the default language unless told.</summary>
public abstract class ShellContext : BunitContext
{
    protected ShellContext()
    {
        Speak("zh-CN");
        Services.AddLocalization();
    }

    protected static void Speak(string language)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(language);
        CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture;
    }
}
