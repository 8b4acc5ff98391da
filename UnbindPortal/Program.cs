using UnbindPortal.Components;
using UnbindPortal.Data;
using UnbindPortal.Features.Account;
using UnbindPortal.Features.Help;
using UnbindPortal.Features.Integration;
using UnbindPortal.Features.Operations;
using UnbindPortal.Features.SecurityCenter;
using UnbindPortal.Features.Unbind;
using UnbindPortal.Trust.Notices;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

var builder = PortalHost.CreateBuilder(args);
var configuration = builder.Configuration;

builder.Services.AddPortalData(configuration);

builder.Services.AddVerification(configuration);
builder.Services.AddPortalSessions(configuration);
builder.Services.AddNotices(configuration, builder.Environment);

builder.Services.AddAccount(configuration);
builder.Services.AddSecurityCenter();
builder.Services.AddUnbind(configuration);
builder.Services.AddHelp(configuration);
builder.Services.AddIntegration(builder.Environment);
builder.Services.AddShell(configuration);

var app = builder.Build();

app.UseShell();
app.UseIntegration();
app.UseAuthentication();
app.UseAuthorization();
app.UseFormTokens();

app.MapAccount();
app.MapSecurityCenter();
app.MapUnbind();
app.MapShell();

return await app.RunPortalAsync(args);
