using System.Globalization;
using System.Text;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>The header of an object file after every field of it was checked against the file and against the others.</summary>
internal sealed unsafe class SegmentDescription
{
    private SegmentDescription(in FileStatus status, in SegmentHeader header)
    {
        AllocatedBytes = status.AllocatedBytes;
        OwnerUserId = status.UserId;
        Kind = (SharedObjectKind)header.Kind;
        Flags = (SegmentFlags)header.Flags;
        PayloadLength = header.PayloadLength;
        CommittedLength = (long)header.CommittedLength;
        Protection = (MemoryAccess)header.Protection;
        CreatorProcessId = header.CreatorProcessId;
        Created = new DateTimeOffset(header.CreationTime, TimeSpan.Zero);
        BackingDevice = header.BackingDevice;
        BackingInode = header.BackingInode;
        ThreadIdSpace = header.ThreadIdSpace;
        fixed (byte* name = header.Name, program = header.Program)
        {
            BareName = Encoding.UTF8.GetString(name, header.NameLength);
            Program = Encoding.UTF8.GetString(program, header.ProgramLength);
        }
    }

    private SegmentDescription(in ObjectDraft draft, string? bareName)
    {
        Kind = draft.Kind;
        Flags = draft.Flags;
        PayloadLength = draft.PayloadLength;
        CommittedLength = draft.CommittedLength;
        Protection = draft.Protection;
        CreatorProcessId = Environment.ProcessId;
        Program = ObjectDraft.Program;
        Created = draft.Created;
        BackingDevice = draft.BackingDevice;
        BackingInode = draft.BackingInode;
        BackingPath = draft.BackingPath;
        ThreadIdSpace = draft.ThreadIdSpace;
        OwnerUserId = LibC.GetEUid();
        BareName = bareName ?? "";
    }

    public long AllocatedBytes { get; }

    /// <summary>Whose file it is.</summary>
    public uint OwnerUserId { get; }

    public SharedObjectKind Kind { get; }
    public SegmentFlags Flags { get; }
    public long PayloadLength { get; }
    public long CommittedLength { get; }
    public MemoryAccess Protection { get; }
    public int CreatorProcessId { get; }
    public string Program { get; }
    public DateTimeOffset Created { get; }
    public ulong BackingDevice { get; }
    public ulong BackingInode { get; }
    public ulong ThreadIdSpace { get; }
    public string BareName { get; }
    public string? BackingPath { get; private init; }

    public bool IsOverFile => (Flags & SegmentFlags.DiskFile) != 0;
    public bool IsReserved => (Flags & SegmentFlags.Reserve) != 0;

    /// <summary>Reads and checks the header; what is wrong with it is an exception that names the field.</summary>
    /// <param name="descriptor">The open file.</param>
    /// <param name="status">Its length is what offsets are checked against.</param>
    /// <param name="path">For the message.</param>
    /// <param name="name">The object that was asked for; null when whatever is there will do.</param>
    public static SegmentDescription Read(int descriptor, in FileStatus status, string path, ObjectName? name)
    {
        SegmentHeader header;
        if (!status.IsRegular)
            throw LinuxErrors.Corrupt(path, "it is not a regular file", name?.Full);
        if (status.Size < SegmentHeader.Length || LibC.PRead(descriptor, &header, SegmentHeader.Length, 0) != SegmentHeader.Length)
            throw LinuxErrors.Corrupt(path, $"it has {status.Size:N0} bytes where the header alone has {SegmentHeader.Length:N0}", name?.Full);
        if (Fault(header, status.Size) is { } fault)
        {
            throw header.Magic == SegmentHeader.ExpectedMagic && (header.Format != SegmentHeader.CurrentFormat || header.Architecture != SegmentArchitecture.Current)
                ? new SharedObjectException(FailureReason.VersionMismatch,
                    $"\"{path}\" cannot be used: {fault}. Let all its users run on one version of this library and one kind of machine.", name?.Full)
                : LinuxErrors.Corrupt(path, fault, name?.Full);
        }
        var description = new SegmentDescription(status, header)
        {
            BackingPath = (header.Flags & (uint)SegmentFlags.DiskFile) != 0 ? ReadPath(descriptor, header.PathLength, path, name?.Full) : null,
        };
        return name is not { } wanted || description.BareName == wanted.Bare
            ? description
            : throw LinuxErrors.Corrupt(path, $"its header carries the name \"{description.BareName}\"", wanted.Full);
    }

    /// <summary>The description of an object that this process makes.</summary>
    public static SegmentDescription Of(in ObjectDraft draft, string? bareName) => new(draft, bareName);

    /// <summary>The first field that cannot be, or null. Order: identity, shape, lengths; nothing is used before it was checked.</summary>
    private static string? Fault(in SegmentHeader header, long fileLength)
    {
        if (header.Magic != SegmentHeader.ExpectedMagic)
            return string.Create(CultureInfo.InvariantCulture, $"its magic number is {header.Magic:X16}, not {SegmentHeader.ExpectedMagic:X16}");
        if (header.Format != SegmentHeader.CurrentFormat)
            return $"it has format {header.Format}, and this library reads format {SegmentHeader.CurrentFormat}";
        if (header.Architecture != SegmentArchitecture.Current)
            return $"it was made on another kind of machine ({SegmentArchitecture.Describe(header.Architecture)}; this one is {SegmentArchitecture.Describe(SegmentArchitecture.Current)})";
        if (header.Kind is < (uint)SharedObjectKind.Section or (uint)SharedObjectKind.Tether or > (uint)KindRules.Last)
            return $"its kind is {header.Kind}, which is none";
        if ((header.Flags & ~(uint)SegmentFlags.All) != 0)
            return $"its flags are {header.Flags:X8}, some of which are unknown";
        if ((header.Flags & ~FlagsOf((SharedObjectKind)header.Kind)) != 0)
            return $"its flags are {header.Flags:X8}, some of which do not belong to its kind, {header.Kind}";
        if (header.Protection > (uint)MemoryAccess.CopyOnWriteExecute)
            return $"its protection is {header.Protection}, which is none";
        if (header.NameLength is < 0 or > SegmentHeader.NameCapacity)
            return $"its name has a length of {header.NameLength}";
        if (header.ProgramLength is < 0 or > SegmentHeader.ProgramCapacity)
            return $"its creator's name has a length of {header.ProgramLength}";
        if (header.CreationTime < 0 || header.CreationTime > DateTime.MaxValue.Ticks)
            return $"its creation time is {header.CreationTime}";
        return ((SharedObjectKind)header.Kind).IsMemory() ? SectionFault(header, fileLength) : StateFault(header, fileLength);
    }

    private static string? SectionFault(in SegmentHeader header, long fileLength)
    {
        bool overFile = (header.Flags & (uint)SegmentFlags.DiskFile) != 0;
        if (header.PayloadLength <= 0)
            return $"its payload has a length of {header.PayloadLength}";
        if (header.CommittedLength > (ulong)header.PayloadLength)
            return $"it claims {header.CommittedLength:N0} committed bytes of {header.PayloadLength:N0}";
        if (overFile)
        {
            return header.PathLength is > 0 and < SegmentHeader.PathCapacity
                ? null
                : $"the path of its backing file has a length of {header.PathLength}";
        }
        if (header.PayloadOffset != SegmentHeader.PayloadOffsetOfEveryPageSize)
            return $"its payload begins at {header.PayloadOffset}";
        return fileLength - header.PayloadOffset != header.PayloadLength
            ? $"its payload of {header.PayloadLength:N0} bytes does not fit the file, which has {fileLength:N0} bytes"
            : null;
    }

    /// <summary>What was checked of a section must not be believed of another kind: each has its own flags.</summary>
    private static uint FlagsOf(SharedObjectKind kind) => (uint)(kind switch
    {
        SharedObjectKind.Section => SegmentFlags.Reserve | SegmentFlags.DiskFile | SegmentFlags.LargePages,
        SharedObjectKind.Pipe or SharedObjectKind.Topic or SharedObjectKind.Queue or SharedObjectKind.Cell or SharedObjectKind.CellMap or SharedObjectKind.Service => SegmentFlags.Reserve,
        SharedObjectKind.Event => SegmentFlags.ManualReset,
        _ => SegmentFlags.None,
    });

    private static string? StateFault(in SegmentHeader header, long fileLength)
    {
        if (fileLength != StateBlock.FileLength)
            return $"it has {fileLength:N0} bytes where {StateBlock.FileLength:N0} belong";
        return header.PayloadLength != 0 || header.CommittedLength != 0
            ? $"it claims a payload of {header.PayloadLength:N0} bytes, {header.CommittedLength:N0} of them committed, where none belongs"
            : null;
    }

    private static string ReadPath(int descriptor, int length, string path, string? name)
    {
        byte* bytes = stackalloc byte[SegmentHeader.PathCapacity];
        // SAFETY: SectionFault has bounded the length, and only a section has a path.
        if (LibC.PRead(descriptor, bytes, (nuint)length, SegmentHeader.PathOffset) != length)
            throw LinuxErrors.Corrupt(path, "the path of its backing file is cut off", name);
        var text = new ReadOnlySpan<byte>(bytes, length);
        if (text[0] != (byte)'/' || text.Contains((byte)0))
            throw LinuxErrors.Corrupt(path, "the path of its backing file is none", name);
        return Encoding.UTF8.GetString(text);
    }
}
