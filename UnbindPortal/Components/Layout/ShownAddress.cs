using Microsoft.AspNetCore.Diagnostics;

namespace UnbindPortal.Components.Layout;

/// <summary>The local address the browser shows, which on an error page is not the one being rendered.</summary>
internal static class ShownAddress
{
    public static string Of(HttpContext? context) =>
        context switch
        {
            null => "/",
            _ when context.Features.Get<IStatusCodeReExecuteFeature>() is { } first => first.OriginalPath + first.OriginalQueryString,
            _ when context.Features.Get<IExceptionHandlerPathFeature>() is { } first => first.Path + context.Request.QueryString,
            _ => context.Request.Path + context.Request.QueryString,
        };
}
