using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>An open section: the system's own object, with or without a companion that tells what the system does not know.</summary>
internal sealed unsafe class WindowsSection : SectionBackend
{
    private readonly SectionHandle _handle;
    private readonly SectionFacts _facts;
    private readonly SharedObjectInfo _info;

    public WindowsSection(SectionHandle handle, SectionFacts facts, SharedObjectInfo info, MemoryAccess access)
    {
        _handle = handle;
        _facts = facts;
        _info = info;
        Access = access;
    }

    public override SharedObjectInfo Info => _info with { CommittedSize = CommittedSize };

    public override string? Name => _info.Name;

    public override long Size => _facts.Size;

    public override long CommittedSize
    {
        get
        {
            if (!_facts.IsReserved)
                return Size;
            return _handle.Companion is { } companion ? companion.CommittedLength(_facts) : CommittedPages();
        }
    }

    public override MemoryAccess Access { get; }

    public SectionFacts Facts => _facts;

    public SectionHandle Handle => _handle;

    public override ViewBackend Map(long offset, long length, MemoryAccess access, nint address) =>
        WindowsView.Map(this, new ViewRequest(offset, length, access, address));

    public override void Commit(long length)
    {
        long before = CommittedSize;
        if (length <= before)
            return;
        CommitPages(before, length);
        if (_handle.Companion is { IsWritable: true } companion)
            companion.RaiseTo(length, _facts);
    }

    public override void CommitRange(long offset, long length)
    {
        if (_facts.IsReserved && length > 0)
            CommitPages(offset, offset + length);
    }

    /// <summary>Makes memory of a range. The pages are the section's: every view has them, at once, and they stay.</summary>
    public void CommitPages(long from, long to)
    {
        string what = $"Committing section \"{Name}\" from {from:N0} to {to:N0} bytes";
        MemoryAccess access = _facts.Protection.WritesThrough() ? MemoryAccess.ReadWrite : MemoryAccess.Read;
        // All of the section: Wine tells other views only of what was committed through a view of everything.
        using WindowsView view = WindowsView.Map(this, new ViewRequest(0, Size, access, 0));
        if (Kernel32.VirtualAlloc(view.Address + (nint)from, (nuint)(to - from), Win32.MemoryCommit, ProtectionBits.Page(access)) == 0)
            throw WindowsErrors.Translate("VirtualAlloc", WindowsErrors.Last, what, Name, SharedObjectKind.Section);
    }

    public override IDisposable MakeInheritable(out string handle) => SectionHandleText.Lend(this, inherited: true, out handle);

    public override IDisposable Offer(out string handle) => SectionHandleText.Lend(this, inherited: false, out handle);

    public override void Dispose() => _handle.Dispose();

    /// <summary>Without a companion only the system knows, in whole pages.</summary>
    private long CommittedPages()
    {
        bool held = false;
        _handle.DangerousAddRef(ref held);
        try
        {
            return SystemFacts.CommittedLength(_handle.Section, Size);
        }
        finally
        {
            _handle.DangerousRelease();
        }
    }
}
