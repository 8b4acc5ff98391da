using UnbindPortal.Trust.Notices;

namespace UnbindPortal.Support.Http;

/// <summary>Keeps every message instead of sending it. The portal sends in the background, so who wants one waits for it.</summary>
public sealed class SentMessages : IMessageGateway
{
    private readonly Lock _gate = new();
    private readonly List<WordedMessage> _sent = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task SendAsync(WordedMessage message, CancellationToken cancel)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            _sent.Add(message);
            (told, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        told.SetResult();
        return Task.CompletedTask;
    }

    /// <summary>The first, second… code that went there.</summary>
    /// <exception cref="TimeoutException">It did not come within 30 seconds.</exception>
    public async Task<string> CodeForAsync(string destination, int nth)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                var codes = _sent.Where(message => message.To == destination && message.Code is not null).ToList();
                if (codes.Count >= nth)
                {
                    return codes[nth - 1].Code!;
                }

                more = _more.Task;
            }

            await more.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }
}
