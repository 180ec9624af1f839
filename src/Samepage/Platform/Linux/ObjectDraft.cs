using System.Diagnostics;
using System.Globalization;
using System.Text;
using Samepage.Layout;

namespace Samepage.Platform.Linux;

/// <summary>What a new object will be: its header, and what lies behind it.</summary>
internal readonly record struct ObjectDraft
{
    private static readonly byte[] _program = ProgramName();

    /// <summary>The program of this process, cut to what a header holds.</summary>
    public static string Program { get; } = Encoding.UTF8.GetString(_program);

    private static readonly long _startTime = Process.GetCurrentProcess().StartTime.ToUniversalTime().Ticks;

    public ObjectDraft()
    {
    }

    public required SharedObjectKind Kind { get; init; }

    public SegmentFlags Flags { get; init; }
    public SharedAccess Access { get; init; }
    public MemoryAccess Protection { get; init; }

    /// <summary>Of memory its exact size, otherwise 0.</summary>
    public long PayloadLength { get; init; }

    public long CommittedLength { get; init; }

    /// <summary>Mutex, event, semaphore: the initial pair of wait word and second half.</summary>
    public ulong State { get; init; }

    public uint Maximum { get; init; }
    public ulong ThreadIdSpace { get; init; }
    /// <summary>The moment of the draft (UTC): what the maker is told of its object is what everyone reads of it (W21).</summary>
    public DateTimeOffset Created { get; } = DateTimeOffset.UtcNow;

    public string? BackingPath { get; init; }
    public ulong BackingDevice { get; init; }
    public ulong BackingInode { get; init; }

    public bool IsOverFile => (Flags & SegmentFlags.DiskFile) != 0;

    /// <summary>The whole file's length.</summary>
    public long FileLength => Kind.IsMemory() && !IsOverFile
        ? SegmentHeader.PayloadOffsetOfEveryPageSize + PayloadLength
        : StateBlock.FileLength;

    // NO-POINT: of this process, until the caller writes it to a file without a name.
    public unsafe void WriteHeader(SegmentHeader* header, string? bareName)
    {
        *header = default;
        header->Magic = SegmentHeader.ExpectedMagic;
        header->Format = SegmentHeader.CurrentFormat;
        header->Kind = (uint)Kind;
        header->Architecture = SegmentArchitecture.Current;
        header->Flags = (uint)Flags;
        header->PayloadOffset = IsOverFile ? 0 : SegmentHeader.PayloadOffsetOfEveryPageSize;
        header->PayloadLength = PayloadLength;
        header->CommittedLength = (ulong)CommittedLength;
        header->CreatorProcessId = Environment.ProcessId;
        header->Protection = (uint)Protection;
        header->CreatorStartTime = _startTime;
        header->CreationTime = Created.UtcTicks;
        header->BackingDevice = BackingDevice;
        header->BackingInode = BackingInode;
        header->ThreadIdSpace = ThreadIdSpace;
        if (bareName is not null)
            header->NameLength = Encoding.UTF8.GetBytes(bareName, new Span<byte>(header->Name, SegmentHeader.NameCapacity));
        _program.CopyTo(new Span<byte>(header->Program, SegmentHeader.ProgramCapacity));
        header->ProgramLength = _program.Length;
        header->PathLength = BackingPath is null ? 0 : Encoding.UTF8.GetByteCount(BackingPath);
    }

    /// <summary>For messages: <c>section "x" of 4,096 bytes</c>.</summary>
    public string Describe(string? name)
    {
        string shown = name is null ? "anonymous " + Kind.Noun() : $"{Kind.Noun()} \"{name}\"";
        return Kind.IsMemory() ? string.Create(CultureInfo.InvariantCulture, $"{shown} of {PayloadLength:N0} bytes") : shown;
    }

    private static byte[] ProgramName()
    {
        byte[] name = Encoding.UTF8.GetBytes(Path.GetFileName(Environment.GetCommandLineArgs()[0]));
        int length = Math.Min(name.Length, SegmentHeader.ProgramCapacity);
        while (length > 0 && length < name.Length && (name[length] & 0xC0) == 0x80)
            length--;
        return name[..length];
    }
}
