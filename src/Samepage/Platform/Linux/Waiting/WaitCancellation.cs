using System.Runtime.InteropServices;
using Samepage.Atomics;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>Lets a token end one thread's sleep on a shared word, for the length of one wait.</summary>
/// <remarks>
/// Where the kernel can wait for two words at once (futex_waitv, 5.16), the second word is private to this wait and the token sets it.
/// Elsewhere the token wakes the shared word until the waiter says that it has noticed: others who sleep there look, and sleep on.
/// </remarks>
internal sealed unsafe class WaitCancellation : IDisposable
{
    private const uint Idle = 0;
    private const uint Cancelled = 1;
    private const uint Noticed = 2;

    private readonly uint* _flag = (uint*)NativeMemory.AllocZeroed(sizeof(uint));
    private readonly uint* _word;
    private readonly int _waiter = Environment.CurrentManagedThreadId;
    private CancellationTokenRegistration _registration;

    private WaitCancellation(uint* word) => _word = word;

    /// <summary>Null when the token can never be cancelled.</summary>
    public static WaitCancellation? For(uint* word, CancellationToken token)
    {
        if (!token.CanBeCanceled)
            return null;
        var cancellation = new WaitCancellation(word);
        cancellation._registration = token.UnsafeRegister(static c => ((WaitCancellation)c!).Cancel(), cancellation);
        return cancellation;
    }

    // SYNC(cancellation): pairs with the exchange in Cancel.
    private bool IsCancelled => SharedAtomics.Acquire(_flag) != Idle;

    public Sleep Wait(uint* word, uint value, in Deadline deadline)
    {
        if (IsCancelled)
            return Sleep.Cancelled;
        Sleep sleep = Futex.HasWaitV
            ? Futex.Wait(
                [
                    new FutexWaitEntry { Value = value, Address = (ulong)word, Flags = Native.Futex32Bits },
                    new FutexWaitEntry { Value = Idle, Address = (ulong)_flag, Flags = Native.Futex32BitsPrivate },
                ], deadline)
            : Futex.Wait(word, value, deadline, null);
        return IsCancelled ? Sleep.Cancelled : sleep;
    }

    public void Dispose()
    {
        // NO-POINT: of this process.
        // SYNC(cancellation): pairs with the loop in Cancel, which ends now; the registration's Dispose waits for that.
        SharedAtomics.Release(_flag, Noticed);
        _registration.Dispose();
        NativeMemory.Free(_flag);
    }

    private void Cancel()
    {
        // NO-POINT: of this process.
        // SYNC(cancellation): pairs with IsCancelled.
        if (!SharedAtomics.CompareExchange(_flag, Idle, Cancelled))
            return;
        // Cancelled before it was registered: this is the waiter itself, which has not slept yet and will look.
        if (Environment.CurrentManagedThreadId == _waiter)
            return;
        if (Futex.HasWaitV)
        {
            _ = Futex.WakePrivate(_flag, 1);
            return;
        }
        // The waiter may be between its look at the flag and its sleep; it is on the way, so this ends.
        while (SharedAtomics.Acquire(_flag) == Cancelled)
        {
            _ = Futex.Wake(_word, Futex.All);
            _ = Thread.Yield();
        }
    }
}
