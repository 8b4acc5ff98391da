using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;

namespace UnbindPortal.Data.Changes;

/// <summary>Rule 4 made unforgettable: every event of a change becomes a ledger entry and, where people should know, messages to all their addresses.</summary>
internal static class EventRecord
{
    private static readonly TimeSpan NoticeLife = TimeSpan.FromDays(3);
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    public static async Task WriteAsync(Change change, CancellationToken cancel)
    {
        PortalEvent[] events =
        [
            .. change.Db.ChangeTracker.Entries<EventSource>().SelectMany(entry => entry.Entity.TakeEvents()),
            .. change.Recorded,
        ];
        foreach (var happened in events)
        {
            change.Db.Ledger.Add(EntryFor(happened, change));
            if (NoticeFor(happened) is { } notice)
            {
                await NotifyAsync(happened.AccountId, notice, change, cancel);
            }
        }
    }

    private static LedgerEntry EntryFor(PortalEvent happened, Change change) =>
        new()
        {
            Id = Guid.CreateVersion7(change.Now),
            At = change.Now,
            AccountId = happened.AccountId,
            ActorId = change.Session?.AccountId,
            SessionHash = change.Session is { } session ? SHA256.HashData(session.Id.ToByteArray()) : null,
            Action = happened.GetType().Name,
            RequestId = RequestOf(happened),
            Detail = JsonSerializer.Serialize(happened, happened.GetType(), Json),
        };

    private static Guid? RequestOf(PortalEvent happened) =>
        happened switch
        {
            UnbindPlanned e => e.RequestId,
            ProofGiven e => e.RequestId,
            UnbindWaiting e => e.RequestId,
            BindingsRemoved e => e.RequestId,
            UnbindEnded e => e.RequestId,
            _ => null,
        };

    private static Notice? NoticeFor(PortalEvent happened) =>
        happened switch
        {
            BindingsRemoved e => new Notice(MessageTemplate.Unbound, e.RequestId, e.BindingIds, null),
            UnbindWaiting e => new Notice(MessageTemplate.UnbindWaits, e.RequestId, e.BindingIds, e.DueAt),
            UnbindEnded { Stage: UnbindStage.Cancelled, Waited: true } e => new Notice(
                MessageTemplate.UnbindCancelled,
                e.RequestId,
                [],
                null
            ),
            UnbindEnded { Stage: UnbindStage.Lapsed } e => new Notice(MessageTemplate.UnbindLapsed, e.RequestId, [], null),
            PasswordSet => new Notice(MessageTemplate.PasswordChosen, null, [], null),
            _ => null,
        };

    // All verified addresses, and those that are just leaving: their owner must hear of it too.
    private static async Task NotifyAsync(Guid accountId, Notice notice, Change change, CancellationToken cancel)
    {
        var account = await change.Db.Accounts.SingleAsync(a => a.Id == accountId, cancel);
        var about = notice.BindingIds;
        if (about.Count == 0 && notice.RequestId is { } requestId)
        {
            about = await change.Db.UnbindRequestItems.Where(i => i.RequestId == requestId).Select(i => i.BindingId).ToListAsync(cancel);
        }

        var bindings = await change
            .Db.Bindings.Where(b => b.AccountId == accountId && (b.RemovedAt == null || about.Contains(b.Id)))
            .ToListAsync(cancel);
        var cipher = change.CipherFor(account);
        NamedBinding[] named =
        [
            .. bindings.Where(b => about.Contains(b.Id)).Select(b => new NamedBinding(b.Kind, cipher.Open(b).Masked(b.Kind))),
        ];
        foreach (var address in bindings.Where(b => ReceivesNotices(b, about)))
        {
            var channel = address.Kind is BindingKind.Phone ? MessageChannel.Sms : MessageChannel.Email;
            var payload = new MessagePayload(
                notice.Template,
                channel,
                cipher.Open(address).Subject,
                change.Culture,
                named,
                null,
                notice.At ?? change.Now
            );
            change.Send(account, payload, NoticeLife, atMostOnce: false);
        }
    }

    private static bool ReceivesNotices(Binding binding, IReadOnlyList<Guid> about) =>
        BindingCatalogue.For(binding.Kind).Capabilities.HasFlag(Capabilities.Notice)
        && binding is { ProvedAt: not null, SuspendedAt: null }
        && (binding.IsLive || about.Contains(binding.Id));

    private sealed record Notice(MessageTemplate Template, Guid? RequestId, IReadOnlyList<Guid> BindingIds, DateTimeOffset? At);
}
