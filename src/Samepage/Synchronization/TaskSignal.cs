using Samepage.Platform;

namespace Samepage;

/// <summary>An event that a task sets when it completes, for the length of one wait.</summary>
internal sealed class TaskSignal : IDisposable
{
    private readonly EventBackend _event = Host.Platform.CreateUnnamedEvent();
    private readonly Lock _gate = new();
    private bool _isOver;

    /// <param name="task">Its completion sets the event; at once if it has completed.</param>
    /// <param name="over">Cancelled when the wait is over: then the task knows nothing of it any more.</param>
    public TaskSignal(Task task, CancellationToken over) =>
        _ = task.ContinueWith(static (_, signal) => ((TaskSignal)signal!).Set(), this, over, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    public WaitableBackend Event => _event;

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _event.Dispose();
        }
    }

    private void Set()
    {
        // The end of the wait does not wait for a task that is just completing.
        lock (_gate)
        {
            if (!_isOver)
                _event.Set();
        }
    }
}
