using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>The mutexes of each scope that this process owns from their first use on, and never gives up: the kernel abandons them when the process ends.</summary>
internal static class ProcessMutex
{
    private static readonly Lock _gate = new();
    private static readonly (ulong Life, KernelHandle? Awaited, KernelHandle? Asked)[] _ofProcess = new (ulong, KernelHandle?, KernelHandle?)[2];

    /// <summary>The id of that by which others know whether this process lives, made at its first use.</summary>
    public static ulong Life(SharedObjectScope scope)
    {
        lock (_gate)
        {
            ref (ulong Life, KernelHandle? Awaited, KernelHandle? Asked) own = ref _ofProcess[(int)scope];
            if (own.Awaited is null)
            {
                ulong life = (ulong)Random.Shared.NextInt64(1, long.MaxValue);
                KernelHandle asked = MakeOwned(ProcessName.OfAsked(scope, life), scope);
                own = (life, MakeOwned(ProcessName.OfAwaited(scope, life), scope), asked);
            }
            return own.Life;
        }
    }

    private static KernelHandle MakeOwned(string name, SharedObjectScope scope) =>
        MemberThread.MakeOwned(name, scope, $"Making the mutex \"{name}\" of this process", name);
}
