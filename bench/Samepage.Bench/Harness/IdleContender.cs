namespace Samepage.Bench.Harness;

/// <summary>A peer that is let alone: the processor time, in milliseconds, that it uses for nothing.</summary>
/// <remarks>The system's account is read from outside, so that the peer does nothing even for that.</remarks>
internal sealed class IdleContender(string name, PeerProcess peer) : Contender(name, Unit.ProcessorMilliseconds)
{
    /// <summary>The step in which the system tells processor time: USER_HZ of Linux (proc(5)), the clock interrupt of Windows.</summary>
    public static TimeSpan Step { get; } = TimeSpan.FromMilliseconds(OperatingSystem.IsWindows() ? 15.625 : 10);

    /// <summary>By then the compiler of the background has done what the beginning left it.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(1);

    public override Reading Measure(TimeSpan length)
    {
        Thread.Sleep(_rest);
        TimeSpan before = peer.ProcessorTime;
        Thread.Sleep(length);
        return new Reading((peer.ProcessorTime - before).TotalMilliseconds, Operations: 1, AllocatedBytes: 0);
    }
}
