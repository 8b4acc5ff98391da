using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace UnbindPortal.Trust.Notices;

/// <summary>Writes each message as a JSON file named by its id, whole or not at all; writing it again changes nothing.</summary>
internal sealed class FolderGateway(IOptions<DeliveryOptions> options) : IMessageGateway
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task SendAsync(WordedMessage message, CancellationToken cancel)
    {
        var folder = FolderFor(options.Value.Folder);
        var path = Path.Combine(folder, $"{message.Id:N}.json");
        var aside = $"{path}.part";
        await using (var file = new FileStream(aside, OwnersOnly()))
        {
            await JsonSerializer.SerializeAsync(file, message, Json, cancel);
        }

        File.Move(aside, path, overwrite: true);
    }

    // Codes and full numbers: for the account that runs the portal and nobody else. A folder that exists keeps the rights its operator gave it.
    private static string FolderFor(string path)
    {
        if (!Directory.Exists(path) && !OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        }

        return Directory.CreateDirectory(path).FullName;
    }

    private static FileStreamOptions OwnersOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
