using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Locks;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>
/// The state of one mutex, event or semaphore in this process: its last page mapped, followed by a private page for the list node.
/// However many handles a process opens, there is one block: one address for the word, and one place that knows the owning thread.
/// </summary>
/// <remarks>
/// The mapping goes with the garbage collection of the block, not with the last handle: a thread that is just inside an operation while
/// another disposes the handle then never touches memory that is gone. Every operation ends with GC.KeepAlive of its block.
/// A mutex that is held while its last handle closes stays held, as on Windows, until its thread opens it again and releases it, or ends:
/// the node is on that thread's list, so the block is kept until the word names another owner.
/// </remarks>
internal sealed unsafe class WaitBlock
{
    private static readonly Lock _gate = new();
    private static readonly Dictionary<(ulong Device, ulong Inode), WaitBlock> _blocks = [];
    private static readonly List<WaitBlock> _heldWithoutHandle = [];

    private (ulong Device, ulong Inode) _identity;
    private readonly nint _mapping;
    private ObjectFile? _file;
    private int _handles;

    /// <summary>Maps the state in a file; <see cref="Name"/> or <see cref="Attach"/> make it the block of that file.</summary>
    /// <remarks>Without a file: state of this process alone, all zero, which is gone with the block.</remarks>
    public WaitBlock(int? descriptor, SegmentDescription description)
    {
        Description = description;
        int page = Environment.SystemPageSize;
        _mapping = LibC.MMap(0, (nuint)page * 2, Native.ProtectionRead | Native.ProtectionWrite, Native.MapPrivate | Native.MapAnonymous, -1, 0);
        if (_mapping == -1)
            throw MapFailed(description);
        // Of all that have no file, the one at this address; no device has that number.
        _identity = (ulong.MaxValue, (ulong)_mapping);
        if (descriptor is { } file && LibC.MMap(_mapping, (nuint)page, Native.ProtectionRead | Native.ProtectionWrite,
            Native.MapShared | Native.MapFixed, file, StateBlock.FileLength - page) == -1)
        {
            SharedObjectException failure = MapFailed(description);
            _ = LibC.MUnmap(_mapping, (nuint)page * 2);
            GC.SuppressFinalize(this);
            throw failure;
        }
        // SAFETY: the word ends eight bytes before the end of the first page; both pages are mapped until the finalizer runs.
        Word = (uint*)(_mapping + page - (nint)(StateBlock.FileLength - StateBlock.WaitWordOffset));
        Maximum = *(uint*)((nint)Word - (StateBlock.WaitWordOffset - StateBlock.MaximumOffset));
        Node = (nint)Word - RobustThread.Current.WordOffset;
        Entry = new ListEntry(Node);
        nint claimNode = Node - (StateBlock.WaitWordOffset - StateBlock.ClaimOffset);
        Claim = new RobustFutex((ulong*)((nint)Word - (StateBlock.WaitWordOffset - StateBlock.ClaimOffset)), claimNode, new ListEntry(claimNode));
        GC.AddMemoryPressure(page * 2);
    }

    ~WaitBlock()
    {
        if (_mapping is 0 or -1)
            return;
        // Taken by a thread that was waiting while the last handle closed: the node is on that thread's list.
        if (IsOwnedHere)
        {
            GC.ReRegisterForFinalize(this);
            return;
        }
        _ = LibC.MUnmap(_mapping, (nuint)Environment.SystemPageSize * 2);
        GC.RemoveMemoryPressure(Environment.SystemPageSize * 2);
    }

    public SegmentDescription Description { get; }

    /// <summary>The wait word.</summary>
    public uint* Word { get; }

    /// <summary>The wait word as low half, the second half above it.</summary>
    public ulong* Pair => (ulong*)Word;

    /// <summary>Where the kernel expects the list node of <see cref="Word"/>: in the private page.</summary>
    public nint Node { get; }

    /// <summary>Whose list <see cref="Node"/> is on.</summary>
    public ListEntry Entry { get; }

    /// <summary>What a wait for all holds while it takes its objects.</summary>
    public RobustFutex Claim { get; }

    /// <summary>Lock: the processes that hold it or have held it, a place for each.</summary>
    public LockPlace* LockPlaces => (LockPlace*)((nint)Word - (StateBlock.WaitWordOffset - StateBlock.LockPlacesOffset));

    /// <summary>Lock: this process's part in it.</summary>
    public LockShare? LockShare { get; set; }

    /// <summary>Written by who holds the claim.</summary>
    public ClaimRecord* ClaimRecord => (ClaimRecord*)((nint)Word - (StateBlock.WaitWordOffset - StateBlock.ClaimRecordOffset));

    /// <summary>The order in which claims are taken.</summary>
    public (ulong Device, ulong Inode) Identity => _identity;

    /// <summary>A wait for all has taken something of the object and not decided yet.</summary>
    public bool IsWithheld => SignalWord.IsWithheld(SharedAtomics.Acquire(Pair));

    /// <summary>It has decided, and what it took stays taken.</summary>
    public void ClearWithheld()
    {
        ulong pair;
        // NO-POINT: AllConfirmed, AllGivenBack and AllSettled stand in the callers.
        do
            pair = SharedAtomics.Acquire(Pair);
        while (!SharedAtomics.CompareExchange(Pair, pair, pair & ~SignalWord.WithheldInPair));
    }

    /// <summary>A semaphore's maximum, as it was when the block was mapped.</summary>
    public uint Maximum { get; }

    /// <summary>Mutex: the <see cref="RobustThread.Identity"/> of the owner if it is of this process, or 0. Written by that thread only, so who finds itself here is right.</summary>
    public long Owner { get; set; }

    /// <summary>Mutex: how often the owner took it beyond the first time.</summary>
    public int Recursions { get; set; }

    /// <summary>The block of an object file; the file is taken over, or closed when the process has one already.</summary>
    public static WaitBlock Attach(ObjectFile file, SegmentDescription description)
    {
        (ulong, ulong) identity = IdentityOf(file, description);
        ObjectFile? surplus = null;
        WaitBlock? block;
        lock (_gate)
        {
            ForgetReleased();
            if (!_blocks.TryGetValue(identity, out block))
            {
                block = new WaitBlock(file.Descriptor, description);
                block.Enter(identity, file);
                return block;
            }
            if (block._file is null)
            {
                block._file = file;
                block.KeepWhileHeld(file);
                _ = _heldWithoutHandle.Remove(block);
            }
            else
                surplus = file;
            block._handles++;
        }
        surplus?.Dispose();
        return block;
    }

    /// <summary>The file that was mapped before it had a name has one now.</summary>
    public void Name(ObjectFile file)
    {
        lock (_gate)
            Enter(IdentityOf(file, Description), file);
    }

    private void Enter((ulong, ulong) identity, ObjectFile file)
    {
        _identity = identity;
        _file = file;
        KeepWhileHeld(file);
        _handles = 1;
        _blocks.Add(identity, this);
    }

    // While the process exits its other threads still run, and may still change what a lock protects.
    private void KeepWhileHeld(ObjectFile file)
    {
        if (Description.Kind == SharedObjectKind.Lock)
            file.IsHeldAtExit = () => LockShare is { Holds: true };
    }

    private static (ulong, ulong) IdentityOf(ObjectFile file, SegmentDescription description)
    {
        FileStatus status = ObjectDirectory.StatusOf(file.Descriptor, description.BareName);
        return (status.Device, status.Inode);
    }

    /// <summary>One handle less; with the last one the name is given up.</summary>
    public void Detach()
    {
        ObjectFile? file;
        lock (_gate)
        {
            ForgetReleased();
            if (--_handles > 0)
                return;
            (file, _file) = (_file, null);
            if (IsOwnedHere)
                _heldWithoutHandle.Add(this);
            else
            {
                _ = _blocks.Remove(_identity);
                file?.ReturnsMemory = true;
            }
        }
        file?.Dispose();
    }

    // What the word says is not asked: the node is on the thread's list whatever a stranger writes there.
    private bool IsOwnedHere => Entry.IsLinked;

    private static void ForgetReleased()
    {
        for (int i = _heldWithoutHandle.Count - 1; i >= 0; i--)
        {
            WaitBlock block = _heldWithoutHandle[i];
            if (block.IsOwnedHere)
                continue;
            _ = _blocks.Remove(block._identity);
            _heldWithoutHandle.RemoveAt(i);
        }
    }

    private static SharedObjectException MapFailed(SegmentDescription description) => LinuxErrors.Translate(
        "mmap", LinuxErrors.Last, $"Mapping the state of \"{description.BareName}\"", description.BareName, description.Kind);
}
