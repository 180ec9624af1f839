using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Watching;

/// <summary>How one thread sleeps on the words of many watches. All but <see cref="Interrupt"/> is called by that thread.</summary>
internal interface ISleeper
{
    /// <summary>The most watches.</summary>
    int Capacity { get; }

    void Begin();

    /// <summary>From the next sleep on, beside the others, while its word has this value.</summary>
    void Add(Watch watch, uint word);

    /// <summary>No longer. Where that takes until the next sleep, the watch stays asleep, and is told then.</summary>
    void Remove(Watch watch);

    /// <summary>Sleeps until one of the words was woken or had another value, the thread is called, or the deadline.</summary>
    void Sleep(PrivateWord calls, uint seen, in Deadline deadline, List<Watch> woken);

    /// <summary>Ends a sleep that a call alone cannot end.</summary>
    void Interrupt();
}
