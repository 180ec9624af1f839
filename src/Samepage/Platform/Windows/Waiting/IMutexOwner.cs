namespace Samepage.Platform.Windows.Waiting;

/// <summary>A thread of ours that owns mutexes for flows. It does not end before it has released them all.</summary>
internal interface IMutexOwner
{
    /// <summary>Under the keepers' gate: lets the thread call <see cref="FlowMutex.GiveUp"/>.</summary>
    void Release(FlowMutex mutex);
}
