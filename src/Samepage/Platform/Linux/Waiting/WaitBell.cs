using Samepage.Atomics;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>What ends one waiter's sleep from within the process: rung by its token, or by who watches for it.</summary>
internal sealed class WaitBell : IDisposable
{
    private readonly uint[] _rings = PrivateWord.New();
    private nint _cancelled;
    private CancellationTokenRegistration _registration;

    private PrivateWord Word => new(_rings);

    /// <summary>How often it has rung.</summary>
    public uint Rings => Word.Value;

    // SYNC(bell): pairs with the release in Cancel.
    public bool IsCancelled => SharedAtomics.Acquire(ref _cancelled) != 0;

    /// <summary>Null when the token can never be cancelled.</summary>
    public static WaitBell? For(CancellationToken token)
    {
        if (!token.CanBeCanceled)
            return null;
        var bell = new WaitBell();
        bell._registration = token.UnsafeRegister(static b => ((WaitBell)b!).Cancel(), bell);
        return bell;
    }

    /// <summary>For a sleep beside other words that ends when it rings, or at once if it has rung more often than this.</summary>
    public FutexWaitEntry Entry(uint rings) => Word.EntryWhile(rings);

    /// <summary>Sleeps until it rings; not at all if it has rung more often than this.</summary>
    public Sleep Wait(uint rings, in Deadline deadline) => Word.WaitWhile(rings, deadline);

    public void Ring() => Word.IncrementAndWake();

    public void Dispose() => _registration.Dispose();

    private void Cancel()
    {
        // SYNC(bell): pairs with IsCancelled.
        SharedAtomics.Release(ref _cancelled, 1);
        Ring();
    }
}
