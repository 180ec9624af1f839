using System.Text;
using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>
/// The small section beside a section that says what the system does not know of it: exact size, committed length, maker. Whoever holds the
/// one holds the other. It is optional: a section without one, made by any other program, is used with what the system knows.
/// </summary>
/// <remarks>Layout: <see cref="CompanionHeader"/>; how the two stay together: docs/design/windows.md.</remarks>
internal sealed unsafe class Companion
{
    private readonly KernelHandle _handle;
    private readonly long _length;

    // Views ask for the committed length after the last handle was closed (W13), so the page goes with the garbage collection.
    private readonly nint _page;

    private Companion(KernelHandle handle, bool writable)
    {
        _handle = handle;
        IsWritable = writable;
        _length = SystemFacts.SizeOf(handle, "a companion");
        _page = Kernel32.MapViewOfFile(handle.DangerousGetHandle(), Win32.MapRead | (writable ? Win32.MapWrite : 0), 0, 0, 0, 0);
        if (_page == 0)
        {
            GC.SuppressFinalize(this);
            throw WindowsErrors.Translate("MapViewOfFileEx", WindowsErrors.Last, "Mapping the companion of a section");
        }
    }

    ~Companion() => _ = Kernel32.UnmapViewOfFile(_page);

    public KernelHandle Handle => _handle;

    public bool IsWritable { get; }

    private CompanionHeader* Header => (CompanionHeader*)_page;

    /// <summary>A companion, unfinished, whose section is about to be made by the holder of the making lock. Null: there can be none.</summary>
    /// <param name="facts">Of the section.</param>
    /// <param name="security">As the section's; null for an anonymous one.</param>
    /// <param name="named">False: without a name, whatever the section has.</param>
    /// <remarks>One that is there already has lost its section, and somebody is about to close it: it is used for the new one.</remarks>
    public static Companion? Make(SectionFacts facts, byte[]? security, bool named = true)
    {
        long length = facts.BackingPath is null ? CompanionHeader.PathOffset : CompanionHeader.PathOffset + facts.PathByteCount;
        KernelHandle handle;
        int error;
        fixed (char* name = named && facts.Name is { } given ? CompanionName.Of(given) : null)
        fixed (byte* descriptor = security)
        {
            var attributes = new SecurityAttributes { Length = (uint)sizeof(SecurityAttributes), Descriptor = (nint)descriptor };
            handle = Kernel32.CreateFileMapping(Win32.NoFile, security is null ? null : &attributes, Win32.PageReadWrite, 0, (uint)length, name);
            error = WindowsErrors.Last;
        }
        if (handle.IsInvalid)
        {
            handle.Dispose();
            return null;
        }
        bool existed = error == Win32Error.AlreadyExists;
        var companion = new Companion(handle, writable: true);
        if (existed && (companion._length < length || companion.Header->Magic is not (CompanionHeader.ExpectedMagic or 0)))
        {
            companion.Close();
            return null;
        }
        companion.Write(facts);
        return companion;
    }

    /// <summary>The companion of that name, if there is one, finished or not.</summary>
    public static Companion? TryOpen(ObjectName name, bool writable)
    {
        uint access = Win32.SectionQuery | Win32.MapRead;
        KernelHandle handle;
        fixed (char* companion = CompanionName.Of(name))
        {
            handle = Kernel32.OpenFileMapping(access | (writable ? Win32.MapWrite : 0), 0, companion);
            if (handle.IsInvalid && writable && WindowsErrors.Last == Win32Error.AccessDenied)
            {
                writable = false;
                handle = Kernel32.OpenFileMapping(access, 0, companion);
            }
        }
        return handle.IsInvalid ? null : FromHandle(handle, writable);
    }

    /// <summary>Takes a handle over. Null, and the handle is closed: it is no companion.</summary>
    public static Companion? FromHandle(KernelHandle handle, bool writable)
    {
        Companion companion;
        try
        {
            companion = new Companion(handle, writable);
        }
        catch (SharedObjectException)
        {
            handle.Dispose();
            return null;
        }
        if (companion._length >= CompanionHeader.Length)
            return companion;
        companion.Close();
        return null;
    }

    // SYNC(companion): pairs with the release in Finish.
    private bool IsFinished => SharedAtomics.Acquire(&Header->State) == CompanionHeader.Finished && Header->Magic == CompanionHeader.ExpectedMagic;

    /// <summary>The section is there, as this companion says.</summary>
    public void Finish()
    {
        // SYNC(companion): pairs with the acquire in IsFinished.
        SharedAtomics.Release(&Header->State, CompanionHeader.Finished);
        GC.KeepAlive(this);
    }

    /// <summary>What it says, every field of it checked; null: its section is not made yet.</summary>
    public SectionFacts? TryRead()
    {
        if (!IsFinished)
            return null;
        CompanionHeader copy = *Header;     // whoever may write to it may do so at any time: looked at once
        if (CompanionReader.Fault(copy, _length) is { } fault)
            throw CompanionReader.Refuse(copy, fault);
        SectionFacts facts = CompanionReader.Facts(copy, (byte*)_page + CompanionHeader.PathOffset);
        GC.KeepAlive(this);
        return facts;
    }

    /// <summary>How much of a reserved section is committed.</summary>
    public long CommittedLength(SectionFacts facts)
    {
        // SYNC(committed): pairs with the exchange in RaiseTo; what was committed before is there.
        ulong value = SharedAtomics.Acquire(&Header->CommittedLength);
        GC.KeepAlive(this);
        return value <= (ulong)facts.Size
            ? (long)value
            : throw WindowsErrors.Corrupt($"The companion of {facts}", $"it claims {value:N0} committed bytes", facts.Name?.Full, SharedObjectKind.Section);
    }

    public void RaiseTo(long length, SectionFacts facts)
    {
        while (true)
        {
            long seen = CommittedLength(facts);
            // SYNC(committed): pairs with the acquire in CommittedLength.
            if (seen >= length || SharedAtomics.CompareExchange(&Header->CommittedLength, (ulong)seen, (ulong)length))
                break;
        }
        GC.KeepAlive(this);
    }

    /// <summary>Closes the handle. The page stays until nobody can ask it any more.</summary>
    public void Close() => _handle.Dispose();

    private void Write(SectionFacts facts)
    {
        CompanionHeader* header = Header;
        SharedAtomics.Release(&header->State, CompanionHeader.Unfinished);
        *header = default;
        header->Magic = CompanionHeader.ExpectedMagic;
        header->Format = CompanionHeader.CurrentFormat;
        header->Architecture = SegmentArchitecture.Current;
        header->Kind = (uint)facts.Kind;
        header->Flags = (uint)facts.Flags;
        header->Protection = (uint)facts.Protection;
        header->PayloadLength = facts.Size;
        header->CommittedLength = (ulong)facts.CommittedLength;
        header->CreationTime = facts.Created.UtcTicks;
        header->CreatorStartTime = ThisProcess.StartTime;
        header->CreatorProcessId = facts.CreatorProcessId;
        Span<byte> token = stackalloc byte[16];
        _ = facts.Token.TryWriteBytes(token);
        header->TokenLow = BitConverter.ToUInt64(token);
        header->TokenHigh = BitConverter.ToUInt64(token[8..]);
        if (facts.Name is { } name)
            header->NameLength = Encoding.UTF8.GetBytes(name.Full, new Span<byte>(header->Name, CompanionHeader.NameCapacity));
        ThisProcess.ProgramUtf8.CopyTo(new Span<byte>(header->Program, CompanionHeader.ProgramCapacity));
        header->ProgramLength = ThisProcess.ProgramUtf8.Length;
        if (facts.BackingPath is { } path)
        {
            header->PathLength = Encoding.UTF8.GetBytes(
                path, new Span<byte>((byte*)_page + CompanionHeader.PathOffset, (int)(_length - CompanionHeader.PathOffset)));
        }
        GC.KeepAlive(this);
    }
}
