using Samepage.Platform;

namespace Samepage;

/// <summary>Looks at what lives on this machine, without holding or changing it, and removes what the dead left behind.</summary>
public static class SharedObjects
{
    /// <summary>All live objects that this user may see, of both scopes.</summary>
    /// <param name="withHolders">Also find out which processes have them open and wait for them, which takes a look at every process.</param>
    public static IReadOnlyList<SharedObjectInfo> List(bool withHolders = false) => Host.Platform.Inspector.List(withHolders);

    /// <summary>The live object of that name, of whatever kind, or null.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="withHolders">Also find out which processes have it open and wait for it.</param>
    public static SharedObjectInfo? Find(string name, bool withHolders = false) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders);

    /// <summary>What no live object accounts for: leftovers of processes that died, and files that are not ours. Nothing is changed.</summary>
    public static IReadOnlyList<OrphanInfo> FindOrphans() => Host.Platform.Inspector.Sweep(remove: false);

    /// <summary>Removes the leftovers of processes that died. It happens by itself when a process first uses a scope, or needs the name.</summary>
    public static IReadOnlyList<OrphanInfo> RemoveOrphans() => Host.Platform.Inspector.Sweep(remove: true);

    /// <summary>Looks at room, kernel features, limits and permissions on this machine.</summary>
    public static IReadOnlyList<Finding> Diagnose() => Host.Platform.Inspector.Diagnose();
}
