using System.Threading.Tasks.Sources;

namespace Samepage.Platform;

/// <summary>One asynchronous wait that is pending: what its caller awaits, and what a system's own class adds to be able to end it.</summary>
/// <remarks>
/// Who ends it has made sure that nobody else does, under a lock of its own, and calls one of the three ends once. The continuation runs on the thread pool,
/// never on the thread that ends the wait: that may hold locks.
/// </remarks>
internal abstract class AsyncWait : IValueTaskSource<WaitResult>, IValueTaskSource<SharedWaitResult>, IThreadPoolWorkItem
{
    // What comes after the await runs inside SetResult, or is posted from there to the awaiter's context: on a thread of the pool either way.
    private ManualResetValueTaskSourceCore<SharedWaitResult> _source;
    private SharedWaitResult _result;
    private Exception? _failure;
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

    protected void End(WaitResult result, int index)
    {
        _result = new SharedWaitResult(result, index);
        _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    protected void EndCancelled() => Fail(new OperationCanceledException(_token));

    protected void Fail(Exception failure)
    {
        _failure = failure;
        _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_failure is { } failure)
            _source.SetException(failure);
        else
            _source.SetResult(_result);
    }

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
            _failure = null;
            _source.Reset();
            Recycle();
        }
    }
}
