namespace Samepage.Platform;

/// <summary>Looks at live objects without holding or changing them.</summary>
internal interface IInspector
{
    IReadOnlyList<SharedObjectInfo> List(bool withHolders);
    SharedObjectInfo? Find(ObjectName name, bool withHolders);

    /// <summary>The parts of an object that are there, alive or not, whose names begin so (<see cref="PartName"/>).</summary>
    IReadOnlyList<ObjectName> Parts(ObjectName whole, string beginning);

    IReadOnlyList<OrphanInfo> Sweep(bool remove);
    IReadOnlyList<Finding> Diagnose();
}
