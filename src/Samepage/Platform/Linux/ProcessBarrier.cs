using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>membarrier(2): one process makes the running threads of all that registered pass a full memory barrier, so that they need none of their own.</summary>
/// <remarks>A thread that is not running has passed one when it was put aside. Filters of containers may refuse the call, and old kernels do not know it.</remarks>
internal static class ProcessBarrier
{
    /// <summary>Set to "0" to do without it.</summary>
    private const string Variable = "SAMEPAGE_MEMBARRIER";

    private const int Needed = Native.BarrierRegister | Native.BarrierReachAll;

    private static readonly bool _exists =
        Environment.GetEnvironmentVariable(Variable) != "0" && Call(Native.BarrierQuery) is >= 0 and var commands && (commands & Needed) == Needed;

    /// <summary>From then on, for its whole life, this process is reached. Again is harmless.</summary>
    public static bool TryRegister() => _exists && Call(Native.BarrierRegister) == 0;

    public static bool TryPass() => _exists && Call(Native.BarrierReachAll) == 0;

    private static nint Call(int command) => LibC.SysCall3(Native.SysMemBarrier, command, 0, 0);
}
