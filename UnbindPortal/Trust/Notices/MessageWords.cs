using System.Globalization;
using Microsoft.Extensions.Localization;
using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Notices;

/// <summary>Words a message in its reader's language. Every code message names the action and the masked target and warns never to pass the code on; no SMS carries a link.</summary>
public sealed class MessageWords(IStringLocalizer<NoticeTexts> texts, IStringLocalizer<BindingTexts> kinds)
{
    /// <summary>The message as it leaves.</summary>
    public WordedMessage Word(Guid id, DateTimeOffset writtenAt, MessagePayload payload)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(payload.Culture);
        try
        {
            var what = string.Join(
                texts["ListSeparator"],
                payload.Bindings.Select(b => texts["Item", kinds[b.Kind.ToString()].Value, b.Masked].Value)
            );
            var body = texts[$"{payload.Template}Text", payload.Code ?? "", what, Local(payload.At)];
            var subject = payload.Channel is MessageChannel.Email ? texts[$"{payload.Template}Subject"].Value : "";
            return new WordedMessage(id, payload.Channel, payload.To, subject, body, payload.Code, writtenAt);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    // Chinese clocks: every reader of these messages lives by UTC+8 or is told the offset.
    private static string Local(DateTimeOffset? at) =>
        at is { } moment ? moment.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "";
}

/// <summary>Marks the words of messages.</summary>
public sealed class NoticeTexts;
