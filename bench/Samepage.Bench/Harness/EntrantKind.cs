namespace Samepage.Bench.Harness;

/// <summary>Who takes part in a race.</summary>
internal enum EntrantKind
{
    /// <summary>The library.</summary>
    Samepage,

    /// <summary>What one would use instead.</summary>
    Rival,

    /// <summary>What the hardware and the kernel allow.</summary>
    Limit,
}
