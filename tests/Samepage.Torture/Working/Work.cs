using Samepage.Torture.Histories;

namespace Samepage.Torture.Working;

/// <summary>What a role has to work with: its object's name, its history, its chance, and when to end.</summary>
internal sealed class Work(int actor, string name, string directory, int seed, HistoryWriter history, Ending ending)
{
    public int Actor => actor;

    public string Name => name;

    /// <summary>Where the histories of this run are.</summary>
    public string Directory => directory;

    public Random Random { get; } = new(seed);

    public HistoryWriter History => history;

    /// <summary>Whoever brings something begins nothing new.</summary>
    public bool IsEnding => ending.ProducersEnd || history.IsFull;

    /// <summary>Nobody brings anything any more: who takes ends when nothing is left.</summary>
    public bool IsDraining => ending.ConsumersEnd || history.IsFull;

    /// <summary>Everything was brought to its end: what a consumer has not seen now it never will.</summary>
    public bool IsDrained => ending.ConsumersEnd && !history.IsFull;

    public bool Chance(int oneOf) => Random.Next(oneOf) == 0;

    /// <summary>Up to so many milliseconds.</summary>
    public TimeSpan UpTo(int milliseconds) => TimeSpan.FromMilliseconds(Random.Next(milliseconds + 1));

    /// <summary>Mostly short, seldom up to the longest.</summary>
    public int Length(int longest) => Random.Next(Payload.Shortest, Chance(50) ? longest : Math.Min(longest, 200));

    /// <summary>Waits for what is done without a thread.</summary>
    public static T Await<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    /// <inheritdoc cref="Await{T}"/>
    public static void Await(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    /// <summary>Waits for an object for a while, by a thread or, but for a mutex, which belongs to one, without.</summary>
    public WaitResult Wait(SharedWaitable waitable)
    {
        TimeSpan time = Chance(4) ? TimeSpan.Zero : UpTo(40);
        return waitable is not SharedMutex && Chance(3) ? Await(waitable.WaitAsync(time)) : waitable.Wait(time);
    }

    /// <summary>Now and then lets the others go on. Nothing is waited for here: it makes the order less regular.</summary>
    public void Breathe()
    {
        switch (Random.Next(24))
        {
            case 0 or 1:
                Thread.Sleep(1);
                break;
            case < 6:
                _ = Thread.Yield();
                break;
            case < 12:
                Thread.SpinWait(Random.Next(300));
                break;
        }
    }
}
