namespace Samepage.Platform;

/// <summary>Looks at live objects without holding or changing them.</summary>
internal interface IInspector
{
    IReadOnlyList<SharedObjectInfo> List(bool withHolders);
    SharedObjectInfo? Find(ObjectName name, bool withHolders);
    IReadOnlyList<OrphanInfo> Sweep(bool remove);
    IReadOnlyList<Finding> Diagnose();
}
