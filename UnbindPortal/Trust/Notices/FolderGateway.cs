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
        var folder = Directory.CreateDirectory(options.Value.Folder).FullName;
        var path = Path.Combine(folder, $"{message.Id:N}.json");
        var aside = $"{path}.part";
        await File.WriteAllBytesAsync(aside, JsonSerializer.SerializeToUtf8Bytes(message, Json), cancel);
        File.Move(aside, path, overwrite: true);
    }
}
