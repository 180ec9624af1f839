using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Tethers;

namespace Samepage.Platform.Linux;

/// <summary>An open section: an object file or memfd with the payload behind its header, or a disk file that is the payload.</summary>
internal sealed unsafe class LinuxSection : SectionBackend
{
    private readonly ObjectFile? _object;
    private readonly ObjectFile _content;
    private readonly SegmentDescription? _description;
    private readonly long _payloadOffset;
    private readonly CommittedCounter? _committed;
    private readonly SharedObjectInfo _info;
    private string? _title;
    private readonly bool _largePages;

    /// <param name="content">The file whose bytes are the payload.</param>
    /// <param name="holder">The object file that keeps the name alive; <paramref name="content"/> itself, another file, or null.</param>
    /// <param name="description">The header, where there is one.</param>
    /// <param name="info">What the section says of itself.</param>
    /// <param name="access">What this handle may do.</param>
    public LinuxSection(ObjectFile content, ObjectFile? holder, SegmentDescription? description, SharedObjectInfo info, MemoryAccess access)
    {
        _content = content;
        _object = holder;
        _description = description;
        _info = info;
        Access = access;
        bool hasHeader = description is { IsOverFile: false };
        _payloadOffset = hasHeader ? SegmentHeader.PayloadOffsetOfEveryPageSize : 0;
        _largePages = description is not null && (description.Flags & SegmentFlags.LargePages) != 0;
        if (hasHeader && description!.IsReserved)
            _committed = new CommittedCounter(content.Descriptor, access.WritesThrough(), info);
    }

    public override SharedObjectInfo Info => _info with { CommittedSize = CommittedSize, ResidentBytes = ResidentBytes() };

    public override string? Name => _info.Name;

    public override long Size => _info.Size;

    public override long CommittedSize => _committed?.Value ?? Size;

    public override MemoryAccess Access { get; }

    public override ViewBackend Map(long offset, long length, MemoryAccess access, nint address) =>
        LinuxView.Map(this, _content.Descriptor, _payloadOffset, _object, new ViewRequest(offset, length, access, address, _largePages));

    public override void Commit(long length)
    {
        long before = CommittedSize;
        if (length <= before)
            return;
        FileSpace.Reserve(_content.Descriptor, _payloadOffset + before, length - before,
            $"section \"{_info.Name}\" (growing from {before:N0} to {length:N0} bytes)", _info.Name);
        CrashSwitch.Reach(CrashPoint.CommitReserved);
        _committed!.RaiseTo(length);
    }

    public override void CommitRange(long offset, long length)
    {
        if (_committed is null || length == 0)
            return;
        // Whole pages: a file system with smaller blocks would leave the rest of a page to be allocated when it is touched.
        long page = Environment.SystemPageSize;
        long from = offset - offset % page;
        long to = Math.Min(Size, (offset + length + page - 1) / page * page);
        FileSpace.ReserveInUse(_content.Descriptor, _payloadOffset + from, to - from, _title ??= $"{_info.Kind.Noun()} \"{_info.Name}\"", _info.Name);
    }

    public override IDisposable MakeInheritable(out string handle) => SectionHandleText.Lend(this, inherited: true, out handle);

    public override IDisposable Offer(out string handle) => SectionHandleText.Lend(this, inherited: false, out handle);

    /// <summary>The file that another process needs to take this section: with the name and header if it has them.</summary>
    public ObjectFile Lendable => _object ?? _content;

    /// <summary>What the text of a handle must add where no header says it: the size of a nameless section over a disk file.</summary>
    public long SizeWithoutHeader => _description is null ? Size : 0;

    /// <summary>Which object it is; only of one that has a name.</summary>
    public ObjectIdentity Identity =>
        new(ObjectDirectory.StatusOf(_object!.Descriptor, _info.Name).Inode, _description!.Created.UtcTicks);

    public override void Dispose()
    {
        _content.Dispose();
        _object?.Dispose();
    }

    private long ResidentBytes() => ObjectDirectory.StatusOf((_object ?? _content).Descriptor, _info.Name).AllocatedBytes;
}
