using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Tethers;

/// <summary>A thread that makes system calls for others and does nothing else, so that it can do without the descriptors of the process.</summary>
/// <remarks>Why nothing else may run on it: docs/design/tethers.md.</remarks>
internal sealed unsafe class CallThread
{
    private const int StackSize = 256 * 1024;

    private readonly CallBlock* _block;

    /// <exception cref="OutOfMemoryException">The system makes no more threads.</exception>
    public CallThread(string name)
    {
        // SAFETY: never given back; the thread uses it as long as the process lives.
        _block = (CallBlock*)NativeMemory.AllocZeroed((nuint)sizeof(CallBlock));
        // NO-POINT: of this process.
        _block->SysCall = (delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, nint>)LibC.SysCallAddress;
        _block->Futex = Native.SysFutex;
        new Thread(static block => Serve((CallBlock*)(nint)block!), StackSize) { IsBackground = true, Name = name }.UnsafeStart((nint)_block);
    }

    /// <summary>Makes the call on the thread and returns what it returned: negative when it failed.</summary>
    /// <remarks>One caller at a time. Nothing interrupts it between the steps.</remarks>
    public nint Call(nint number, nint first, nint second = 0, nint third = 0, nint fourth = 0)
    {
        uint before = _block->Asked.Value;
        (_block->Number, _block->First, _block->Second, _block->Third, _block->Fourth) = (number, first, second, third, fourth);
        // NO-POINT: of this process.
        // SYNC(ask): pairs with the load in Serve.
        _block->Asked.Value = before + 1;
        _ = Futex.WakePrivate((uint*)&_block->Asked, 1);
        // SYNC(answer): pairs with the store in Serve.
        while (_block->Answered.Value == before)
            _ = Futex.WaitPrivate((uint*)&_block->Answered, before, Deadline.After(Timeout.InfiniteTimeSpan));
        return _block->Result;
    }

    public void End() => _ = Call(CallBlock.End, 0);

    /// <remarks>
    /// Compiled once, in full, and free of calls but those through the pointer; so when all three have been made, nothing is left that the runtime would
    /// have to compile or resolve on this thread. Each round makes all three: it goes to sleep even if it was asked already, and is sent back at once.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Serve(CallBlock* block)
    {
        delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, nint> call = block->SysCall;
        nint futex = block->Futex;
        uint done = 0;
        while (true)
        {
            do
            {
                _ = call(futex, (nint)(&block->Asked), Native.FutexWaitBitset | Native.FutexPrivate, (nint)done, 0, 0,
                    unchecked((nint)Native.FutexMatchAny));
                // SYNC(ask): pairs with the store in Call.
            }
            while (block->Asked.Value == done);
            bool ends = block->Number == CallBlock.End;
            if (!ends)
                // NO-POINT: of this process.
                block->Result = call(block->Number, block->First, block->Second, block->Third, block->Fourth, 0, 0);
            done++;
            // NO-POINT: of this process.
            // SYNC(answer): pairs with the load in Call.
            block->Answered.Value = done;
            _ = call(futex, (nint)(&block->Answered), Native.FutexWake | Native.FutexPrivate, 1, 0, 0, 0);
            if (ends)
                return;
        }
    }
}
