using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Samepage.Atomics;

/// <summary>A short, bounded look before a sleep: cheaper than a sleep when the other side is about to be done.</summary>
internal struct Spinner
{
    /// <summary>About two microseconds: less than half of what a sleep and a wake-up cost.</summary>
    private const int MostPauses = 100;

    // With one processor nothing can change while we look.
    private static readonly int _pauses = Environment.ProcessorCount > 1 ? MostPauses : 0;

    private int _done;

    /// <summary>Pauses for some ten nanoseconds; false when it is time to sleep instead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Once()
    {
        if (_done >= _pauses)
            return false;
        _done++;
        if (X86Base.IsSupported)
            X86Base.Pause();
        else if (ArmBase.IsSupported)
            ArmBase.Yield();
        return true;
    }
}
