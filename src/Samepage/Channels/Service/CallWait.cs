using System.Threading.Tasks.Sources;

namespace Samepage.Channels;

/// <summary>A call that is waited for without a thread. Used again once its outcome was fetched.</summary>
internal sealed class CallWait(CallWaits waits) : IValueTaskSource<ServiceResponse>, IValueTaskSource, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<ServiceResponse> _outcome;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private bool _retryOnDeath;

    public PendingCall Call { get; private set; } = null!;

    /// <summary>By the system's clock of milliseconds; <see cref="long.MaxValue"/>: none.</summary>
    public long Deadline { get; private set; }

    /// <summary>Why it could not wait.</summary>
    public Exception? Fault { private get; set; }

    /// <summary>There is news that another server cannot mend.</summary>
    public bool IsOver => Call.IsOver(_retryOnDeath);

    /// <summary>Of a call for one response.</summary>
    public ValueTask<ServiceResponse> Answer => new(this, _outcome.Version);

    /// <summary>Of a stream, which stays open.</summary>
    public ValueTask News => new(this, _outcome.Version);

    /// <summary>Under the gate of the waits.</summary>
    public void Begin(PendingCall call, long deadline, bool retryOnDeath, CancellationToken token)
    {
        (Call, Deadline, _retryOnDeath, _token) = (call, deadline, retryOnDeath, token);
        // One that is cancelled already ends it here.
        _registration = token.UnsafeRegister(static wait => ((CallWait)wait!).Cancel(), this);
    }

    /// <summary>On a thread of the pool, which goes on with the one who waits.</summary>
    public void Execute()
    {
        // Waits for one that is just running.
        _registration.Dispose();
        ServiceResponse response = default;
        try
        {
            Fault ??= waits.WhyNone(Call, _token);
            if (Fault is null && !Call.IsStream)
                response = Call.Answer();
            else if (!Call.IsStream)
                Call.Close();
        }
#pragma warning disable CA1031 // Whatever it is: who waits is told.
        catch (Exception e)
        {
            Fault = e;
        }
#pragma warning restore CA1031
        if (Fault is not null)
            _outcome.SetException(Fault);
        else
            _outcome.SetResult(response);
    }

    public ServiceResponse GetResult(short token)
    {
        if (_outcome.GetStatus(token) == ValueTaskSourceStatus.Pending)
            throw new InvalidOperationException("The call has not ended yet. Await it, once, instead of asking for its result.");
        try
        {
            return _outcome.GetResult(token);
        }
        finally
        {
            (Call, Fault, _token, _registration) = (null!, null, default, default);
            _outcome.Reset();
            waits.GiveBack(this);
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _outcome.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _outcome.OnCompleted(continuation, state, token, flags);

    private void Cancel() => waits.End(this);
}
