using UnbindPortal.Data;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddPortalData(builder.Configuration);
var app = builder.Build();
await app.Services.GetRequiredService<PortalDatabase>().OpenAsync("x");
app.MapStaticAssets();
app.Run();
