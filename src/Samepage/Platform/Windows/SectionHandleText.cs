using System.Globalization;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>A section as a line of text that another process turns into a handle: inherited, or taken from the process that offers it (W18).</summary>
/// <remarks>
/// <code>samepage:WAY:PROCESS:SECTION:COMPANION:ACCESS:TOKEN</code>
/// Way <c>i</c>: both handles were inherited and have the same numbers here. Way <c>o</c>: they are duplicated from the offering process.
/// The companion must carry the token: a text that has gone stale never yields a stranger's section.
/// </remarks>
internal static unsafe class SectionHandleText
{
    private const string Prefix = "samepage";

    public static IDisposable Lend(WindowsSection section, bool inherited, out string text)
    {
        SectionFacts facts = section.Facts;
        SectionHandle handle = section.Handle;
        string what = $"Lending section \"{section.Name}\"";
        bool held = false;
        handle.DangerousAddRef(ref held);
        KernelHandle? lent = null, beside = null;
        Companion? own = null;
        try
        {
            // A section that another program made travels with a companion made for the journey.
            Companion companion = handle.Companion ?? (own = MakeAnonymous(facts, what));
            lent = Copy(Win32.CurrentProcess, handle.Value, inherited) ?? throw Failed(what, section);
            beside = Copy(Win32.CurrentProcess, companion.Handle.DangerousGetHandle(), inherited) ?? throw Failed(what, section);
            text = string.Create(CultureInfo.InvariantCulture,
                $"{Prefix}:{(inherited ? 'i' : 'o')}:{Environment.ProcessId}:{lent.DangerousGetHandle()}:{beside.DangerousGetHandle()}:{(int)section.Access}:{facts.Token:N}");
            return new LentPair(lent, beside);
        }
        catch
        {
            lent?.Dispose();
            beside?.Dispose();
            throw;
        }
        finally
        {
            own?.Close();
            handle.DangerousRelease();
        }
    }

    public static WindowsSection Adopt(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length != 7 || parts[0] != Prefix || parts[1] is not ("i" or "o")
            || !Number(parts[2], int.MaxValue, out long process)
            || !Number(parts[3], long.MaxValue, out long sectionValue) || !Number(parts[4], long.MaxValue, out long companionValue)
            || !Number(parts[5], (long)MemoryAccess.CopyOnWriteExecute, out long access)
            || !Guid.TryParseExact(parts[6], "N", out Guid token))
            throw new ArgumentException($"\"{text}\" is no handle of a section.", nameof(text));

        bool inherited = parts[1] == "i";
        using KernelHandle? lender = inherited ? null : Kernel32.OpenProcess(Win32.ProcessDuplicateHandle, 0, (int)process);
        if (lender is { IsInvalid: true })
            throw Stale(text, process, inherited, WindowsErrors.Last);
        nint source = lender?.DangerousGetHandle() ?? Win32.CurrentProcess;
        var wanted = (MemoryAccess)access;
        KernelHandle? section = Copy(source, (nint)sectionValue, inherit: false);
        KernelHandle? beside = section is null ? null : Copy(source, (nint)companionValue, inherit: false);
        if (beside is null)
        {
            section?.Dispose();
            throw Stale(text, process, inherited, WindowsErrors.Last);
        }
        Companion? companion = Companion.FromHandle(beside, wanted.WritesThrough());
        try
        {
            SectionFacts? facts = companion?.TryRead();
            if (facts is null || facts.Token != token || !facts.Protection.Allows(wanted) || !SystemFacts.Fits(section!, facts))
                throw Stale(text, process, inherited, Win32Error.InvalidHandle);
            if (inherited)
            {
                _ = Kernel32.CloseHandle((nint)sectionValue);
                _ = Kernel32.CloseHandle((nint)companionValue);
            }
            return new WindowsSection(new SectionHandle(section!, companion, null), facts, facts.ToInfo(null), wanted);
        }
        catch
        {
            section!.Dispose();
            companion?.Close();
            throw;
        }
    }

    private static Companion MakeAnonymous(SectionFacts facts, string what)
    {
        Companion companion = Companion.Make(facts, null, named: false)
            ?? throw WindowsErrors.Translate("CreateFileMappingW", WindowsErrors.Last, what, facts.Name?.Full, SharedObjectKind.Section);
        companion.Finish();
        return companion;
    }

    private static KernelHandle? Copy(nint sourceProcess, nint source, bool inherit)
    {
        nint copy;
        return Kernel32.DuplicateHandle(sourceProcess, source, Win32.CurrentProcess, &copy, 0, inherit ? 1 : 0, Win32.DuplicateSameAccess) != 0
            ? new KernelHandle(copy)
            : null;
    }

    private static bool Number(string text, long most, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= most;

    private static SharedObjectException Failed(string what, WindowsSection section) =>
        WindowsErrors.Translate("DuplicateHandle", WindowsErrors.Last, what, section.Name, SharedObjectKind.Section);

    private static SharedObjectException Stale(string text, long process, bool inherited, int error) => new(
        error == Win32Error.AccessDenied ? FailureReason.AccessDenied : FailureReason.NotFound,
        inherited
            ? $"The handle \"{text}\" was not inherited by this process. Start the child before the local copy is disposed, and pass each handle once."
            : $"The handle \"{text}\" cannot be taken from process {process}: the process ended, closed it, or belongs to another user. Keep the offer until it was taken.",
        null, SharedObjectKind.Section, "DuplicateHandle", error);

    /// <summary>What is kept open until the other process has it.</summary>
    private sealed class LentPair(KernelHandle section, KernelHandle companion) : IDisposable
    {
        public void Dispose()
        {
            section.Dispose();
            companion.Dispose();
        }
    }
}
