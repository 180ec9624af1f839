namespace Samepage.Channels;

/// <summary>What a thread does that waits for a channel.</summary>
public enum WaitStrategy
{
    /// <summary>It looks for some microseconds, then sleeps. The default: nearly as soon as spinning while messages come fast, and idle when none do.</summary>
    SpinThenBlock,

    /// <summary>It looks until it is so, and keeps a processor busy meanwhile: the least latency there is.</summary>
    BusySpin,

    /// <summary>It sleeps at once: for machines with more waiting threads than processors.</summary>
    Block,
}
