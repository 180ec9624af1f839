using System.Threading.Tasks.Sources;

namespace Samepage.Platform;

/// <summary>One asynchronous wait that is pending: what its caller awaits, and what a system's own class adds to be able to end it.</summary>
/// <remarks>
/// Who ends it has made sure that nobody else does, under a lock of its own, and calls one of the three ends once. The continuation runs on the thread pool,
/// never on the thread that ends the wait.
/// </remarks>
internal abstract class AsyncWait : IValueTaskSource<WaitResult>, IValueTaskSource<SharedWaitResult>
{
    private ManualResetValueTaskSourceCore<SharedWaitResult> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;

    public ValueTask<SharedWaitResult> ResultOfSeveral => new(this, _source.Version);

    public ValueTask<WaitResult> ResultOfOne => new(this, _source.Version);

    /// <summary>For the system's class, once it has begun: from now on the token ends the wait.</summary>
    protected void EndWith(CancellationToken token)
    {
        _token = token;
        if (token.CanBeCanceled)
            _registration = token.UnsafeRegister(static wait => ((AsyncWait)wait!).Cancel(), this);
    }

    protected void End(WaitResult result, int index) => _source.SetResult(new SharedWaitResult(result, index));

    protected void EndCancelled() => _source.SetException(new OperationCanceledException(_token));

    protected void Fail(Exception failure) => _source.SetException(failure);

    /// <summary>The token was cancelled: ends the wait, unless it has ended.</summary>
    protected abstract void Cancel();

    /// <summary>The awaiter has the result, and nobody knows of this wait any more.</summary>
    protected abstract void Recycle();

    SharedWaitResult IValueTaskSource<SharedWaitResult>.GetResult(short token) => GetResult(token);

    WaitResult IValueTaskSource<WaitResult>.GetResult(short token) => GetResult(token).Result;

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private SharedWaitResult GetResult(short token)
    {
        if (_source.GetStatus(token) == ValueTaskSourceStatus.Pending)
            throw new InvalidOperationException("The wait has not ended yet. Await it, once, instead of asking for its result.");
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            // Waits for a cancellation that is just running; afterwards none comes.
            _registration.Dispose();
            _registration = default;
            _token = default;
            _source.Reset();
            Recycle();
        }
    }
}
