using System.Text.Json;
using Microsoft.Extensions.Options;
using UnbindPortal.Trust.Notices;

namespace UnbindPortal.Features.Integration.Development;

/// <summary>Reads the messages a Development server wrote into its folder.</summary>
internal sealed class Inbox(IOptions<DeliveryOptions> delivery)
{
    /// <summary>Most messages shown.</summary>
    public const int Most = 50;

    /// <summary>The latest messages, newest first. A file that is none is passed over.</summary>
    public IReadOnlyList<WordedMessage> Latest()
    {
        var folder = new DirectoryInfo(delivery.Value.Folder);
        return folder.Exists
            ?
            [
                .. folder
                    .EnumerateFiles("*.json")
                    .OrderByDescending(file => file.Name, StringComparer.Ordinal)
                    .Select(Read)
                    .OfType<WordedMessage>()
                    .Take(Most),
            ]
            : [];
    }

    private static WordedMessage? Read(FileInfo file)
    {
        try
        {
            var message = JsonSerializer.Deserialize<WordedMessage>(File.ReadAllBytes(file.FullName));
            return message is { To: not null, Text: not null, Subject: not null } && Enum.IsDefined(message.Channel) ? message : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null; // somebody else's file, or one that was just picked up
        }
    }
}
