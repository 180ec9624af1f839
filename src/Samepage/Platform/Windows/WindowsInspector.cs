using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>Looks at the kernel's namespace. Each object is opened for the moment of the look, with no right but to ask.</summary>
/// <remarks>Who holds an object the system does not tell to ordinary programs, so holders are always unknown. Nothing is left behind by the dead.</remarks>
internal sealed class WindowsInspector : IInspector
{
    public IReadOnlyList<SharedObjectInfo> List(bool withHolders)
    {
        var found = new List<SharedObjectInfo>();
        List<SharedObjectScope> scopes = ThisProcess.Session == 0 ? [SharedObjectScope.Global] : [SharedObjectScope.Local, SharedObjectScope.Global];
        foreach (SharedObjectScope scope in scopes)
        {
            foreach ((ObjectName name, SharedObjectKind kind) in ObjectNamespace.List(scope))
            {
                if (Look(name, kind) is { } info)
                    found.Add(info);
            }
        }
        return found;
    }

    public SharedObjectInfo? Find(ObjectName name, bool withHolders) =>
        // A section before all else: it is not to be held, not even by a probe, without its companion.
        Look(name, SharedObjectKind.Section) ?? (KindProbe.Find(name) is { } kind ? Look(name, kind) : null);

    public IReadOnlyList<ObjectName> Parts(ObjectName whole, string beginning)
    {
        string prefix = ObjectName.Parse(PartName.Of(whole, beginning)).Bare;
        return [.. from found in ObjectNamespace.ListAll(whole.Scope)
                   where found.Kind == SharedObjectKind.Section && found.Name.Bare.StartsWith(prefix, StringComparison.Ordinal) && !CompanionName.Is(found.Name.Bare)
                   select found.Name];
    }

    public IReadOnlyList<OrphanInfo> Sweep(bool remove) => [];

    public IReadOnlyList<Finding> Diagnose() => WindowsDiagnosis.Run();

    /// <summary>Null: it ended, or it is not for this user to see.</summary>
    private static SharedObjectInfo? Look(ObjectName name, SharedObjectKind kind)
    {
        try
        {
            if (kind == SharedObjectKind.Section)
            {
                using WindowsSection? section = SectionFactory.TryOpen(name, null, null, waitForMaker: false);
                return section?.Info;
            }
            using KernelHandle handle = KindProbe.Open(kind, name);
            if (handle.IsInvalid)
                return null;
            SharedObjectInfo info = WaitableFactory.InfoOf(name, kind);
            return info with { State = StateReader.Of(handle, info) };
        }
        catch (SharedObjectException)
        {
            return null;
        }
    }
}
