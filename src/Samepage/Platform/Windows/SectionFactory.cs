using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>Makes and opens sections: named, anonymous, and over disk files.</summary>
internal static unsafe class SectionFactory
{
    /// <summary>How long a name may be half taken, by a companion without its section, before that is put aside.</summary>
    private static readonly TimeSpan _halfMade = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the companion of a section that exists may be missing before the section is taken for one without.</summary>
    private static readonly TimeSpan _halfOpen = TimeSpan.FromMilliseconds(2);

    private static readonly MemoryAccess[] _widestFirst =
        [MemoryAccess.ReadWriteExecute, MemoryAccess.ReadWrite, MemoryAccess.ReadExecute, MemoryAccess.Read];

    public static WindowsSection Create(ObjectName? name, in SectionRequest request, bool openExisting, out bool created)
    {
        if (!request.IsOverFile)
            return Create(name, request, SectionFacts.Planned(name, request, request.Size, null), null, openExisting, out created);
        KernelHandle file = BackingFile.Open(request, out string path);
        try
        {
            long size = BackingFile.Fit(file, path, request, name?.Full);
            WindowsSection section = Create(name, request, SectionFacts.Planned(name, request, size, path), file, openExisting, out created);
            if (!created)
                file.Dispose();
            return section;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <param name="name">The section.</param>
    /// <param name="access">What its views will do; null: all that it allows.</param>
    /// <param name="patient">False: a companion that is missing at this moment is not waited for.</param>
    public static WindowsSection? TryOpen(ObjectName name, MemoryAccess? access, bool patient = true)
    {
        var patience = new Patience(patient ? _halfOpen : TimeSpan.Zero);
        while (true)
        {
            // The companion first: it is closed last, so it is there whenever the section is there by more than its last holder's closing.
            bool writable = access is not { } wanted || wanted.WritesThrough();
            Companion? companion = Companion.TryOpen(name, writable);
            KernelHandle? section = OpenHandle(name, access);
            if (section is null)
            {
                companion?.Close();
                return null;
            }
            try
            {
                companion ??= Companion.TryOpen(name, writable);
                SectionFacts? facts = companion?.Read();
                bool fits = facts is not null && facts.Name is { } own && own.Bare == name.Bare && own.Scope == name.Scope && SystemFacts.Fits(section, facts);
                // It may be one whose maker is about to finish it, or the section of one that is just ending: both are settled in a moment,
                // the second by letting go of it. Or its maker is another program.
                if (!fits && patience.Pause())
                {
                    section.Dispose();
                    companion?.Close();
                    continue;
                }
                if (!fits)
                {
                    companion?.Close();
                    companion = null;
                    facts = SystemFacts.Of(section, name);
                }
                MemoryAccess opened = access ?? facts!.Protection;
                if (!facts!.Protection.Allows(opened))
                {
                    throw new SharedObjectException(FailureReason.AccessDenied,
                        $"Section \"{name}\" was made for {facts.Protection} and cannot be opened for {opened}.", name.Full, SharedObjectKind.Section);
                }
                return new WindowsSection(new SectionHandle(section, companion, null), facts, facts.ToInfo(name), opened);
            }
            catch
            {
                section.Dispose();
                companion?.Close();
                throw;
            }
        }
    }

    private static WindowsSection Create(
        ObjectName? name, in SectionRequest request, SectionFacts facts, KernelHandle? file, bool openExisting, out bool created)
    {
        byte[]? security = name is null ? null : ObjectSecurity.DescriptorFor(request.Options.Access);
        var patience = new Patience(_halfMade);
        while (true)
        {
            Companion? companion = Companion.Make(facts, security, takeOver: patience.IsOver, out bool taken);
            bool exists = taken && name is { } given && Exists(given);
            if (!taken)
            {
                if (TryMake(request, facts, security, file, companion) is { } made)
                {
                    created = true;
                    return made;
                }
                exists = true;
            }
            if (exists && !openExisting)
                throw Taken(facts);
            if (exists && TryOpen(name!.Value, null) is { } found)
            {
                created = false;
                return found;
            }
            // A companion without a section: its maker is about to make that, or both have just ended.
            _ = patience.Pause();
        }
    }

    /// <summary>Null: a section of that name exists.</summary>
    private static WindowsSection? TryMake(in SectionRequest request, SectionFacts facts, byte[]? security, KernelHandle? file, Companion? companion)
    {
        KernelHandle section;
        int error;
        fixed (char* name = facts.Name?.Full)
        fixed (byte* descriptor = security)
        {
            var attributes = new SecurityAttributes { Length = (uint)sizeof(SecurityAttributes), Descriptor = (nint)descriptor };
            uint protection = ProtectionBits.Page(facts.Protection) | (facts.IsReserved ? Win32.SectionReserve : Win32.SectionCommit);
            section = Kernel32.CreateFileMapping(file?.DangerousGetHandle() ?? Win32.NoFile, security is null ? null : &attributes,
                protection, (uint)(facts.Size >> 32), (uint)facts.Size, name);
            error = WindowsErrors.Last;
        }
        if (section.IsInvalid || error == Win32Error.AlreadyExists)
        {
            companion?.Close();
            bool exists = !section.IsInvalid || error == Win32Error.InvalidHandle;
            section.Dispose();
            return exists ? null : throw Failed(request, facts, error);
        }
        var made = new WindowsSection(new SectionHandle(section, companion, file), facts, facts.ToInfo(null), facts.Protection);
        try
        {
            if (facts.IsReserved && facts.CommittedLength > 0)
                made.CommitPages(0, facts.CommittedLength);
        }
        catch
        {
            made.Dispose();
            throw;
        }
        companion?.Finish();
        return made;
    }

    /// <summary>Null: there is no such section.</summary>
    private static KernelHandle? OpenHandle(ObjectName name, MemoryAccess? access)
    {
        int error = 0;
        fixed (char* full = name.Full)
        {
            foreach (MemoryAccess candidate in access is { } wanted ? [wanted] : _widestFirst)
            {
                KernelHandle section = Kernel32.OpenFileMapping(ProtectionBits.Handle(candidate), 0, full);
                if (!section.IsInvalid)
                    return section;
                error = WindowsErrors.Last;
                if (error != Win32Error.AccessDenied)
                    break;
            }
        }
        return error switch
        {
            Win32Error.FileNotFound => null,
            Win32Error.InvalidHandle => throw KindProbe.Refuse(name, SharedObjectKind.Section, "OpenFileMappingW"),
            _ => throw WindowsErrors.Translate("OpenFileMappingW", error,
                $"Opening section \"{name}\" for {access?.ToString() ?? "reading"}", name.Full, SharedObjectKind.Section),
        };
    }

    private static bool Exists(ObjectName name)
    {
        using KernelHandle section = KindProbe.Open(SharedObjectKind.Section, name);
        return !section.IsInvalid || WindowsErrors.Last != Win32Error.FileNotFound;
    }

    private static SharedObjectException Taken(SectionFacts facts)
    {
        ObjectName name = facts.Name!.Value;
        return new SharedObjectException(FailureReason.AlreadyExists,
            $"Creating {facts} failed: {WrongKind.Article(KindProbe.Find(name) ?? SharedObjectKind.Section)} of that name exists already. Open it, use CreateOrOpen, or choose another name.",
            name.Full, SharedObjectKind.Section);
    }

    private static SharedObjectException Failed(in SectionRequest request, SectionFacts facts, int error)
    {
        string? remedy = facts.BackingPath is { } path ? BackingFile.Remedy(error, request, path) : null;
        if (remedy is null && error == Win32Error.AccessDenied && facts.Name is { Scope: SharedObjectScope.Global })
        {
            remedy = @"this user may not make global sections (the privilege SeCreateGlobalPrivilege: services and administrators have it), or one of that name belongs to another user. "
                + @"Let a service make it and open it here, or do without Global\.";
        }
        return WindowsErrors.Translate("CreateFileMappingW", error, $"Creating {facts}", facts.Name?.Full, SharedObjectKind.Section, remedy);
    }
}
