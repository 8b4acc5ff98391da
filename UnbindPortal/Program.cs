using UnbindPortal.Components;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseStaticWebAssets();
builder.Services.AddShell(builder.Configuration);

var app = builder.Build();
app.UseShell();
app.UseAuthorization();
app.UseAntiforgery();
app.MapShell();
app.Run();
