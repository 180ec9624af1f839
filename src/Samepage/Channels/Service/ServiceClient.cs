using System.Runtime.CompilerServices;

namespace Samepage.Channels;

/// <summary>One who calls a service. There may be many calls at a time; they are answered in any order.</summary>
/// <remarks>
/// <para>All members may be called from any thread at the same time. A call waits for a server, should none be there; its time and its token end it, and the server is told.</para>
/// <para>Nothing is allocated for a call, but for a stream its enumerator.</para>
/// </remarks>
public sealed class ServiceClient : IDisposable
{
    private readonly ClientCalls _calls;

    internal ServiceClient(ServiceCore core, WaitStrategy strategy) => _calls = new ClientCalls(core, strategy);

    /// <summary>In bytes.</summary>
    public int LongestRequest => _calls.Core.Block.LongestRequest;

    /// <summary>Of each response, in bytes.</summary>
    public int LongestResponse => _calls.Core.Block.LongestResponse;

    /// <summary>Calls, and waits for the response.</summary>
    /// <param name="request">Its bytes.</param>
    /// <param name="response">The response, in place, to be disposed; until then it counts as a call.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave: it may then be done twice.</param>
    /// <param name="cancellationToken">Ends the call; the server is told.</param>
    /// <returns>False: the time has run out; the server was told.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="LongestRequest"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.PeerDied"/>, <see cref="FailureReason.PeerClosed"/>: the server died or left before it answered. <see cref="FailureReason.CallFailed"/>: it
    /// could not answer, and the message is its own. <see cref="FailureReason.LimitReached"/>: there are <see cref="ServiceOptions.MaxCalls"/> calls already.
    /// <see cref="FailureReason.Corrupt"/>: somebody wrote into the service's memory. <see cref="FailureReason.OutOfSpace"/>: there is no memory for the request.
    /// </exception>
    public bool Call(ReadOnlySpan<byte> request, out ServiceResponse response, TimeSpan timeout, bool retryOnDeath = false, CancellationToken cancellationToken = default)
    {
        SharedWaitable.CheckTimeout(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        PendingCall call = _calls.Ask(request, isStream: false);
        bool isOver = false;
        try
        {
            for (var time = new TimeLeft(timeout); !call.IsOver(retryOnDeath); _calls.Waits.WakeAll())
            {
                if (!_calls.Wait(time.Left, cancellationToken) && !call.HasNews)
                {
                    response = default;
                    return false;
                }
                ObjectDisposedException.ThrowIf(_calls.IsDisposed, this);
            }
            isOver = true;
        }
        finally
        {
            if (!isOver)
                call.Close();
        }
        response = call.Answer();
        return true;
    }

    /// <summary>As <see cref="Call"/>, without a thread that waits.</summary>
    /// <param name="request">Its bytes; sent when this returns.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave: it may then be done twice.</param>
    /// <param name="cancellationToken">Ends the call; the server is told.</param>
    /// <returns>The response, in place, to be disposed; until then it counts as a call.</returns>
    /// <inheritdoc cref="Call"/>
    /// <exception cref="TimeoutException">The time has run out; the server was told.</exception>
    public ValueTask<ServiceResponse> CallAsync(ReadOnlySpan<byte> request, TimeSpan timeout, bool retryOnDeath = false, CancellationToken cancellationToken = default)
    {
        SharedWaitable.CheckTimeout(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        return _calls.Waits.AnswerAsync(_calls.Ask(request, isStream: false), CallWaits.DeadlineOf(timeout), retryOnDeath, cancellationToken);
    }

    /// <summary>Calls, and reads as many responses as the server gives, as they come. Each can be read until it is disposed or the next is asked for.</summary>
    /// <param name="request">Its bytes.</param>
    /// <param name="timeout">For all of it. As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave before its first response was read.</param>
    /// <param name="cancellationToken">Ends the call; the server is told, as it is when no more responses are asked for.</param>
    /// <inheritdoc cref="CallAsync"/>
    public async IAsyncEnumerable<ServiceResponse> StreamAsync(ReadOnlyMemory<byte> request, TimeSpan timeout, bool retryOnDeath = false,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        SharedWaitable.CheckTimeout(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        long deadline = CallWaits.DeadlineOf(timeout);
        PendingCall call = _calls.Ask(request.Span, isStream: true);
        try
        {
            while (true)
            {
                await _calls.Waits.NewsAsync(call, deadline, retryOnDeath, cancellationToken).ConfigureAwait(false);
                call.IsAwaited = false;
                _calls.Found();
                while (call.TryReadNext(out ServiceResponse response, out ulong next))
                {
                    yield return response;
                    call.Advance(next);
                }
                if (call.IsAtEnd)
                    break;
            }
            call.ThrowUnlessAnswered();
            call.End(succeeded: true);
        }
        finally
        {
            call.Close();
        }
    }

    /// <summary>Calls no more. Whatever has not been answered is cancelled.</summary>
    public void Dispose() => _calls.Dispose();
}
