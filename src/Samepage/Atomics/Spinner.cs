using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Samepage.Atomics;

/// <summary>A short, bounded look before a sleep: cheaper than a sleep when the other side is about to be done.</summary>
/// <param name="longestStep">
/// The most pauses between two looks. Each look takes the cache line away from whoever works on it: where that one should get done, look ever more
/// rarely; where nothing happens until the line changes, look often.
/// </param>
internal struct Spinner(int longestStep)
{
    /// <summary>Between the looks of who waits for a lock: its owner needs the line to release it.</summary>
    public const int Rarely = 64;

    /// <summary>Between the looks of who waits for a signal.</summary>
    public const int Often = 4;

    /// <summary>Some two microseconds: less than half of what a sleep and a wake-up cost.</summary>
    private const int MostPauses = 127;

    // With one processor nothing can change while we look.
    private static readonly int _pauses = Environment.ProcessorCount > 1 ? MostPauses : 0;

    private int _done;
    private int _step = 1;

    /// <summary>Pauses; false when it is time to sleep instead.</summary>
    public bool Once()
    {
        if (_done >= _pauses)
            return false;
        for (int i = 0; i < _step; i++)
            Pause();
        _done += _step;
        _step = Math.Min(_step * 2, longestStep);
        return true;
    }

    /// <summary>For some tens of cycles, in which the processor does not read ahead.</summary>
    public static void Pause()
    {
        if (X86Base.IsSupported)
            X86Base.Pause();
        else if (ArmBase.IsSupported)
            ArmBase.Yield();
    }
}
