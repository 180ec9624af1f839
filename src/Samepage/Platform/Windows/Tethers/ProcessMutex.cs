using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>A mutex for each scope that this process owns from its first use on, and never gives up: the kernel abandons it when the process ends.</summary>
internal static class ProcessMutex
{
    private static readonly Lock _gate = new();
    private static readonly (ulong Life, KernelHandle? Mutex)[] _ofProcess = new (ulong, KernelHandle?)[2];

    /// <summary>The id of that by which others know whether this process lives, made at its first use.</summary>
    public static ulong Life(SharedObjectScope scope)
    {
        lock (_gate)
        {
            ref (ulong Life, KernelHandle? Mutex) own = ref _ofProcess[(int)scope];
            if (own.Mutex is null)
            {
                ulong life = (ulong)Random.Shared.NextInt64(1, long.MaxValue);
                string name = ProcessName.Of(scope, life);
                own = (life, MemberThread.MakeOwned(name, scope, $"Making the mutex \"{name}\" of this process", name));
            }
            return own.Life;
        }
    }
}
