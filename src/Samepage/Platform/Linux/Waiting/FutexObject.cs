using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>The objects of a wait for several, as the backends that they are.</summary>
internal static unsafe class FutexObject
{
    public static IFutexObject Of(WaitableBackend backend) => (IFutexObject)backend;

    /// <summary>Marks each, and says on which values to sleep. False: one changed, look again.</summary>
    public static bool TryMark(
        RobustThread me, ReadOnlySpan<WaitableBackend> objects, ReadOnlySpan<uint> begun, Span<FutexWaitEntry> words)
    {
        for (int i = 0; i < objects.Length; i++)
        {
            IFutexObject one = Of(objects[i]);
            if (!one.TryMark(me, begun[i], out uint word))
                return false;
            words[i] = new FutexWaitEntry { Value = word, Address = (ulong)one.Block.Word, Flags = Native.Futex32Bits };
        }
        return true;
    }

    public static void KeepAlive(ReadOnlySpan<WaitableBackend> objects)
    {
        foreach (WaitableBackend one in objects)
            GC.KeepAlive(Of(one).Block);
    }
}
