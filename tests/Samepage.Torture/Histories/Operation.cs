namespace Samepage.Torture.Histories;

/// <summary>One call of the library as its caller saw it. The times are of CLOCK_MONOTONIC, in nanoseconds, and the same for all processes.</summary>
/// <param name="Actor">Who called: one thread of one process.</param>
/// <param name="Code">What was called; each kind has its own enumeration.</param>
/// <param name="End">When it had returned; <see cref="Never"/> if the caller was killed before, and then it may have happened or not.</param>
internal readonly record struct Operation(int Actor, int Code, long Argument, long Result, long Detail, long Begin, long End)
{
    public const long Never = long.MaxValue;

    public bool IsPending => End == Never;
}
