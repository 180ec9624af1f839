using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>Makes and opens sections: named, anonymous, and over disk files.</summary>
internal static unsafe class SectionFactory
{
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
    /// <param name="kind">What its memory must be; null: whatever it is.</param>
    /// <param name="waitForMaker">False: what somebody is just making is not there yet.</param>
    public static WindowsSection? TryOpen(ObjectName name, MemoryAccess? access, SharedObjectKind? kind, bool waitForMaker = true)
    {
        // Not the section before its companion: who held it alone, if only for a moment, would keep one alive that has lost its companion, and that is taken for another program's.
        if (CompanionOf(name, access) is { } companion && TryOpen(name, access, kind, companion, settled: false, out WindowsSection? section))
            return section;
        using MakingLock? making = MakingLock.Take(name, waitForMaker, out bool isBusy);
        return isBusy ? null : OpenSettled(name, access, kind);
    }

    /// <summary>Opens while nobody is making it: a section without a companion that fits is another program's.</summary>
    private static WindowsSection? OpenSettled(ObjectName name, MemoryAccess? access, SharedObjectKind? kind)
    {
        // Of a process that is just being killed the kernel may have closed the one and not yet the other.
        if (TryOpen(name, access, kind, CompanionOf(name, access), settled: false, out WindowsSection? section))
            return section;
        _ = TryOpen(name, access, kind, CompanionOf(name, access), settled: true, out section);
        return section;
    }

    private static Companion? CompanionOf(ObjectName name, MemoryAccess? access) =>
        Companion.TryOpen(name, writable: access is not { } wanted || wanted.WritesThrough());

    /// <summary>False: there is a section without a companion that fits, so it is not sure yet what it is. Null: there is no section.</summary>
    /// <param name="name">The section.</param>
    /// <param name="access">What its views will do; null: all that it allows.</param>
    /// <param name="kind">What its memory must be; null: whatever it is.</param>
    /// <param name="companion">Opened first: whoever of ours holds a section holds the companion that was there with it. Taken over.</param>
    /// <param name="settled">A section without a companion that fits is another program's.</param>
    /// <param name="opened">The section.</param>
    private static bool TryOpen(
        ObjectName name, MemoryAccess? access, SharedObjectKind? kind, Companion? companion, bool settled, out WindowsSection? opened)
    {
        opened = null;
        KernelHandle? section = null;
        try
        {
            section = OpenHandle(name, access);
            if (section is null)
            {
                companion?.Close();
                return true;
            }
            SectionFacts? facts = companion?.TryRead();
            if (facts?.Name is not { } own || own.Bare != name.Bare || own.Scope != name.Scope || !SystemFacts.Fits(section, facts))
            {
                if (!settled)
                {
                    section.Dispose();
                    companion?.Close();
                    return false;
                }
                companion?.Close();
                companion = null;
                facts = SystemFacts.Of(section, name);
            }
            if (kind is { } wantedKind && facts.Kind != wantedKind)
                throw WrongKind.Of(name, facts.Kind, wantedKind);
            MemoryAccess granted = access ?? facts.Protection;
            if (!facts.Protection.Allows(granted))
            {
                throw new SharedObjectException(FailureReason.AccessDenied,
                    $"Section \"{name}\" was made for {facts.Protection} and cannot be opened for {granted}.", name.Full, SharedObjectKind.Section);
            }
            opened = new WindowsSection(new SectionHandle(section, companion, null), facts, facts.ToInfo(name), granted);
            return true;
        }
        catch
        {
            section?.Dispose();
            companion?.Close();
            throw;
        }
    }

    private static WindowsSection Create(
        ObjectName? name, in SectionRequest request, SectionFacts facts, KernelHandle? file, bool openExisting, out bool created)
    {
        created = true;
        if (name is not { } given)
            return TryMake(request, facts, null, file, Companion.Make(facts, null))!;

        byte[] security = ObjectSecurity.DescriptorFor(request.Options.Access);
        using MakingLock? making = MakingLock.Take(given, waits: true, out _);
        while (true)
        {
            if (Exists(given))
            {
                if (!openExisting)
                    throw Taken(facts);
                if (OpenSettled(given, null, request.Kind) is { } found)
                {
                    created = false;
                    return found;
                }
            }
            // Null: another program, which knows nothing of the lock, has just made one.
            else if (TryMake(request, facts, security, file, Companion.Make(facts, security)) is { } made)
                return made;
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
            $"Creating {facts} failed: {(KindProbe.Find(name) ?? SharedObjectKind.Section).Article()} of that name exists already. Open it, use CreateOrOpen, or choose another name.",
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
