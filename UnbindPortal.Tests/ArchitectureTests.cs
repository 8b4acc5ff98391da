using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using UnbindPortal.Support;
using UnbindPortal.Support.Code;

namespace UnbindPortal;

/// <summary>Keeps the arrows of the layout, by what each type really uses, method bodies included.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] NotForTheDomain =
    [
        "Microsoft.AspNetCore",
        "Microsoft.EntityFrameworkCore",
        "Microsoft.Data",
        "Microsoft.Extensions.Hosting",
        "Microsoft.JSInterop",
        "Radzen",
    ];

    [Theory]
    [InlineData("UnbindPortal.Domain", "UnbindPortal.Data", false)]
    [InlineData("UnbindPortal.Data.Sqlite", "UnbindPortal.Trust", false)]
    [InlineData("UnbindPortal.Trust.Ledger", "UnbindPortal.Features.Unbind", false)]
    [InlineData("UnbindPortal.Trust", "UnbindPortal.Components.Shared", false)]
    [InlineData("UnbindPortal.Components.Layout", "UnbindPortal.Features.Unbind", false)]
    [InlineData("UnbindPortal.Features.Unbind", "UnbindPortal.Features.Bind", false)]
    [InlineData("UnbindPortal.Features.Unbind", "UnbindPortal.Features.Unbind.Plans", true)]
    [InlineData("UnbindPortal.Features.Unbind", "UnbindPortal.Trust.Ledger", true)]
    [InlineData("UnbindPortal.Features.Unbind", "UnbindPortal.Components.Shared", true)]
    [InlineData("UnbindPortal.Data", "UnbindPortal.Domain", true)]
    [InlineData("UnbindPortal", "UnbindPortal.Features.Unbind", true)]
    public void Arrows_point_downwards(string from, string to, bool allowed) =>
        Assert.Equal(allowed, Layer.Of(from)!.Allows(Layer.Of(to)!));

    [Fact]
    public void Every_type_uses_only_the_layers_below_it_and_no_other_feature() =>
        Broken(
            "These types use a layer above theirs, or another feature (features meet in Domain and Trust)",
            from app in AppTypes.All
            from used in TypeUses.Of(app.Type)
            where Layer.Of(used.Namespace) is { } other && !app.Layer.Allows(other)
            select $"{app.Type.FullName} uses {used.FullName}"
        );

    [Fact]
    public void Domain_is_plain_CSharp() =>
        Broken(
            "These domain types use storage, web or user interface types",
            from app in AppTypes.All
            where app.Layer.Name is "Domain"
            from used in TypeUses.Of(app.Type)
            where NotForTheDomain.Any(prefix => $"{used.Namespace}.".StartsWith(prefix + ".", StringComparison.Ordinal))
            select $"{app.Type.FullName} uses {used.FullName}"
        );

    [Fact]
    public void Only_the_account_feature_knows_the_sign_in_manager() =>
        Broken(
            "These types know SignInManager, which is the Account feature's",
            from app in AppTypes.All
            where app.Layer.Feature is not "Account" && TypeUses.Of(app.Type).Contains(typeof(SignInManager<>))
            select app.Type.FullName
        );

    [Fact]
    public void Every_type_stands_in_a_layer_of_the_design() =>
        Broken(
            $"These types stand outside {string.Join(", ", Layer.Known)}",
            from type in TypeUses.WrittenTypes(typeof(Program).Assembly)
            let layer = Layer.Of(type.Namespace)
            let isProgram = type.Name is "Program" or "_Imports"
            where layer is null ? type.Namespace is null && !isProgram : !Layer.Known.Contains(layer.Name) && !isProgram
            select type.FullName
        );

    /// <summary>Constants and enum members leave no trace in compiled code, so names of other features are looked for in the text too.</summary>
    [Fact]
    public void No_feature_names_another_in_its_source() =>
        Broken(
            "These files name another feature",
            from file in Repository.Sources("UnbindPortal", ".cs", ".razor")
            let parts = file.Name.Split('/')
            where parts is ["UnbindPortal", "Features", _, _, ..]
            from named in SourceRules.NamedFeatures(CodeText.WithoutComments(file))
            where !string.Equals(named.Value, parts[2], StringComparison.Ordinal)
            select $"{file.Name}:{named.Line}: {named.Value}"
        );

    [Fact]
    public void Every_page_says_whether_it_needs_a_signed_in_person() =>
        Broken(
            "These pages carry neither [Authorize] nor [AllowAnonymous]",
            from app in AppTypes.All
            where app.Type.IsDefined(typeof(RouteAttribute), inherit: false)
            let attributes = app.Type.GetCustomAttributes(inherit: false)
            where !attributes.OfType<IAuthorizeData>().Any() && !attributes.OfType<IAllowAnonymous>().Any()
            select app.Type.FullName
        );

    private static void Broken(string rule, IEnumerable<string?> places) => SourceRules.AssertNone(rule, places);
}
