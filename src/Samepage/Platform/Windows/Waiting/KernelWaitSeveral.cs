using System.Runtime.InteropServices;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>A wait for any or for all of as many objects as the system takes in one call (W34).</summary>
internal static unsafe class KernelWaitSeveral
{
    /// <summary>Takes the first that is signalled. Null: cancelled.</summary>
    public static WaitResult? Any(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token, out int index)
    {
        Span<nint> handles = backends.Length <= Win32.MostWaits ? stackalloc nint[Win32.MostWaits] : new nint[backends.Length];
        handles = handles[..backends.Length];
        HoldAll(backends, handles);
        try
        {
            return AnyHeld(backends, handles, timeout, token, out index);
        }
        finally
        {
            LetGo(backends);
        }
    }

    /// <summary>As <see cref="Any"/>, of objects that the caller holds.</summary>
    public static WaitResult? AnyHeld(
        ReadOnlySpan<WaitableBackend> backends, ReadOnlySpan<nint> held, TimeSpan timeout, CancellationToken token, out int index)
    {
        SafeHandle? tokenHandle = token.CanBeCanceled && timeout != TimeSpan.Zero ? token.WaitHandle.SafeWaitHandle : null;
        if (backends.Length > Win32.MostWaits - (tokenHandle is null ? 0 : 1))
        {
            WaitResult? ofMany = KernelWaitMany.Any(backends, held, timeout, token, out index);
            return ofMany is { } known && index >= 0 ? ((IKernelWaitable)backends[index]).Told(known) : ofMany;
        }
        index = -1;
        nint* handles = stackalloc nint[Win32.MostWaits];
        byte* indices = stackalloc byte[Win32.MostWaits];
        int count = 0;
        bool tokenHeld = false;
        try
        {
            tokenHandle?.DangerousAddRef(ref tokenHeld);
            for (int i = 0; i < held.Length; i++)
            {
                // The system takes no handle twice; of two that are one object the first is the answer.
                if (new ReadOnlySpan<nint>(handles, count).Contains(held[i]))
                    continue;
                indices[count] = (byte)i;
                handles[count++] = held[i];
            }
            // Last: an object that is signalled is taken, and the wait has succeeded.
            if (tokenHandle is not null)
                handles[count] = tokenHandle.DangerousGetHandle();
            uint result = KernelWait.Sleep(handles, count + (tokenHandle is null ? 0 : 1), all: false, timeout);
            if (result == Win32.WaitTimedOut)
                return WaitResult.TimedOut;
            if (tokenHandle is not null && result == count)
                return null;
            bool abandoned = result >= Win32.WaitAbandoned;
            uint slot = abandoned ? result - Win32.WaitAbandoned : result;
            if (slot >= count)
                throw Failed(backends, "any");
            index = indices[slot];
            return ((IKernelWaitable)backends[index]).Told(abandoned ? WaitResult.Abandoned : WaitResult.Signaled);
        }
        finally
        {
            if (tokenHeld)
                tokenHandle!.DangerousRelease();
        }
    }

    /// <summary>Takes all at one moment, or none. Null: cancelled.</summary>
    public static WaitResult? All(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token, out int index)
    {
        CheckForAll(backends);
        Span<nint> handles = stackalloc nint[Win32.MostWaits];
        handles = handles[..backends.Length];
        HoldAll(backends, handles);
        try
        {
            return AllHeld(backends, handles, timeout, token, out index);
        }
        finally
        {
            LetGo(backends);
        }
    }

    /// <summary>As <see cref="All"/>, of objects that the caller has checked and holds.</summary>
    public static WaitResult? AllHeld(
        ReadOnlySpan<WaitableBackend> backends, ReadOnlySpan<nint> handles, TimeSpan timeout, CancellationToken token, out int index)
    {
        index = -1;
        uint result;
        fixed (nint* first = handles)
        {
            result = token.CanBeCanceled && timeout != TimeSpan.Zero
                ? CancellableSleep.All(first, handles.Length, timeout, token)
                : KernelWait.Sleep(first, handles.Length, all: true, timeout);
        }
        if (result == Win32.WaitTimedOut)
            return WaitResult.TimedOut;
        if (result == Win32.WaitInterrupted)
            return null;
        if (result < handles.Length)
        {
            index = DiedAmong(backends);
            return index < 0 ? WaitResult.Signaled : WaitResult.Abandoned;
        }
        if (result - Win32.WaitAbandoned >= handles.Length)
            throw WindowsErrors.Last == Win32Error.InvalidParameter ? Twice("Two of the objects are one and the same.") : Failed(backends, "all");
        index = FirstOf(AbandonedAmong(backends), DiedAmong(backends));
        return WaitResult.Abandoned;
    }

    /// <summary>All of them, or none and an exception.</summary>
    public static nint[] HoldAll(ReadOnlySpan<WaitableBackend> backends)
    {
        var handles = new nint[backends.Length];
        HoldAll(backends, handles);
        return handles;
    }

    /// <inheritdoc cref="HoldAll(ReadOnlySpan{WaitableBackend})"/>
    public static void HoldAll(ReadOnlySpan<WaitableBackend> backends, Span<nint> handles)
    {
        int held = 0;
        try
        {
            for (; held < backends.Length; held++)
                handles[held] = Hold(backends[held]);
        }
        catch
        {
            LetGo(backends[..held]);
            throw;
        }
    }

    public static void LetGo(ReadOnlySpan<WaitableBackend> backends)
    {
        foreach (WaitableBackend backend in backends)
            ((IKernelWaitable)backend).Handle.DangerousRelease();
    }

    private static nint Hold(WaitableBackend backend)
    {
        bool held = false;
        KernelHandle handle = ((IKernelWaitable)backend).Handle;
        handle.DangerousAddRef(ref held);
        return handle.DangerousGetHandle();
    }

    public static SharedObjectException Failed(ReadOnlySpan<WaitableBackend> backends, string which)
    {
        SharedObjectInfo first = ((IKernelWaitable)backends[0]).Identity;
        return WindowsErrors.Translate("WaitForMultipleObjectsEx", WindowsErrors.Last,
            $"Waiting for {which} of {backends.Length:N0} objects, {first.Kind.ToString().ToLowerInvariant()} \"{first.Name}\" the first of them,");
    }

    /// <summary>Refuses what no wait for all can take.</summary>
    public static void CheckForAll(ReadOnlySpan<WaitableBackend> backends)
    {
        CheckDistinct(backends);
        if (backends.Length > Win32.MostWaits)
            throw TooManyForAll(backends.Length);
    }

    // Names are one namespace, and whoever holds the object keeps its name: the name says which object it is. Those without one have one handle each.
    private static void CheckDistinct(ReadOnlySpan<WaitableBackend> backends)
    {
        for (int i = 1; i < backends.Length; i++)
        {
            SharedObjectInfo one = ((IKernelWaitable)backends[i]).Identity;
            for (int j = 0; j < i; j++)
            {
                SharedObjectInfo other = ((IKernelWaitable)backends[j]).Identity;
                if (one.Name is null || other.Name is null)
                    continue;
                if (one.Scope == other.Scope && ObjectName.BareOf(one.Name).SequenceEqual(ObjectName.BareOf(other.Name)))
                    throw Twice($"\"{one.Name}\" is at index {j} and at index {i}.");
            }
        }
    }

    /// <summary>The one mutex that this wait took, if it is one. Of several, the system does not tell which one was abandoned.</summary>
    private static int AbandonedAmong(ReadOnlySpan<WaitableBackend> backends)
    {
        int found = -1;
        for (int i = 0; i < backends.Length; i++)
        {
            // One that this thread owned before the wait is owned twice now, and was not abandoned.
            if (backends[i] is not (KernelMutex or KernelFlowLock) || !StateReader.IsTakenOnce(((IKernelWaitable)backends[i]).Handle))
                continue;
            if (found >= 0)
                return -1;
            found = i;
        }
        return found;
    }

    /// <summary>The first tether of a participant that died.</summary>
    private static int DiedAmong(ReadOnlySpan<WaitableBackend> backends)
    {
        for (int i = 0; i < backends.Length; i++)
        {
            if (((IKernelWaitable)backends[i]).Told(WaitResult.Signaled) == WaitResult.Abandoned)
                return i;
        }
        return -1;
    }

    /// <summary>Where it is unknown which mutex was abandoned, it is unknown what was first.</summary>
    private static int FirstOf(int mutex, int tether) => mutex < 0 || tether < 0 ? mutex : Math.Min(mutex, tether);

    // The parameter is the public method's.
    private static ArgumentException Twice(string which, string parameter = "waitables") =>
        new($"A wait for all cannot take one object twice. {which} Name each object once.", parameter);

    private static SharedObjectException TooManyForAll(int count) => new(FailureReason.LimitReached,
        $"Waiting for all of {count:N0} objects failed: Windows takes at most {Win32.MostWaits} at one moment, and more could only be taken one part after the other. " +
        "Wait for fewer, or let one semaphore or event stand for several.");
}
