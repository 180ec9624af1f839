using System.Text;
using Samepage.Layout;

namespace Samepage.Platform.Windows;

/// <summary>Checks what a companion says before anything of it is used.</summary>
internal static unsafe class CompanionReader
{
    private const SegmentFlags Possible = SegmentFlags.Reserve | SegmentFlags.DiskFile | SegmentFlags.LargePages;

    /// <summary>The first field that cannot be, or null.</summary>
    public static string? Fault(in CompanionHeader header, long length)
    {
        if (header.Format != CompanionHeader.CurrentFormat)
            return $"it has format {header.Format}, and this library reads format {CompanionHeader.CurrentFormat}";
        if (header.Architecture != SegmentArchitecture.Current)
            return $"it was made on another kind of machine ({SegmentArchitecture.Describe(header.Architecture)}; this one is {SegmentArchitecture.Describe(SegmentArchitecture.Current)})";
        if (header.Kind is < (uint)SharedObjectKind.Section or > (uint)KindRules.Last || !((SharedObjectKind)header.Kind).IsMemory())
            return $"its kind is {header.Kind}, which is none of memory";
        if ((header.Flags & ~(uint)Possible) != 0)
            return $"its flags are {header.Flags:X8}, some of which are unknown";
        if (header.Protection > (uint)MemoryAccess.CopyOnWriteExecute)
            return $"its protection is {header.Protection}, which is none";
        if (header.PayloadLength <= 0)
            return $"its payload has a length of {header.PayloadLength}";
        if (header.CommittedLength > (ulong)header.PayloadLength)
            return $"it claims {header.CommittedLength:N0} committed bytes of {header.PayloadLength:N0}";
        if (header.CreationTime < 0 || header.CreationTime > DateTime.MaxValue.Ticks)
            return $"its creation time is {header.CreationTime}";
        if (header.NameLength is < 0 or > CompanionHeader.NameCapacity)
            return $"its name has a length of {header.NameLength}";
        if (header.NameLength > 0 && NameOf(header) is null)
            return "its name is none that an object can have";
        if (header.ProgramLength is < 0 or > CompanionHeader.ProgramCapacity)
            return $"its creator's name has a length of {header.ProgramLength}";
        return header.PathLength < 0 || header.PathLength > CompanionHeader.PathCapacity || header.PathLength > Math.Max(0, length - CompanionHeader.PathOffset)
            ? $"the path of its backing file has a length of {header.PathLength}"
            : null;
    }

    /// <summary>Another version of the library, or another kind of machine, is no damage.</summary>
    public static SharedObjectException Refuse(in CompanionHeader header, string fault)
    {
        string? name = NameOf(header)?.Full;
        return header.Format != CompanionHeader.CurrentFormat || header.Architecture != SegmentArchitecture.Current
            ? new SharedObjectException(FailureReason.VersionMismatch,
                $"The companion of section \"{name}\" cannot be used: {fault}.", name, SharedObjectKind.Section)
            : WindowsErrors.Corrupt($"The companion of section \"{name}\"", fault, name, SharedObjectKind.Section);
    }

    public static SectionFacts Facts(in CompanionHeader header, byte* path)
    {
        Span<byte> token = stackalloc byte[16];
        _ = BitConverter.TryWriteBytes(token, header.TokenLow);
        _ = BitConverter.TryWriteBytes(token[8..], header.TokenHigh);
        fixed (byte* program = header.Program)
        {
            return new SectionFacts
            {
                Size = header.PayloadLength,
                Kind = (SharedObjectKind)header.Kind,
                Protection = (MemoryAccess)header.Protection,
                Flags = (SegmentFlags)header.Flags,
                CommittedLength = (long)header.CommittedLength,
                Name = header.NameLength == 0 ? null : NameOf(header),
                BackingPath = header.PathLength == 0 ? null : Encoding.UTF8.GetString(path, header.PathLength),
                Token = new Guid(token),
                Created = new DateTimeOffset(header.CreationTime, TimeSpan.Zero),
                CreatorProcessId = header.CreatorProcessId,
                Program = Encoding.UTF8.GetString(program, header.ProgramLength),
            };
        }
    }

    /// <summary>The name that it gives, or null when it gives none that could be.</summary>
    public static ObjectName? NameOf(in CompanionHeader header)
    {
        if (header.NameLength is <= 0 or > CompanionHeader.NameCapacity)
            return null;
        fixed (byte* name = header.Name)
        {
            try
            {
                return ObjectName.Parse(Encoding.UTF8.GetString(name, header.NameLength));
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
    }
}
