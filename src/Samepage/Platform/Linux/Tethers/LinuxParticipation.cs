using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Tethers;

/// <summary>Who takes part in one object: whoever holds a tether that names it.</summary>
internal sealed class LinuxParticipation(ObjectIdentity identity, SharedObjectInfo info) : IParticipation
{
    public MembershipBackend Join() => HeldTether.Hold(ObjectDirectory.Of(info.Scope, create: true)!, identity);

    public IReadOnlyList<ParticipantBackend> List()
    {
        var found = new List<ParticipantBackend>();
        ObjectDirectory directory = ObjectDirectory.Of(info.Scope, create: true)!;
        foreach (string fileName in directory.FileNames())
        {
            if (!TetherName.TryParse(fileName, out TetherName name) || name.Object != identity)
                continue;
            if (TetherFile.TryOpen(directory, name) is { } descriptor)
            {
                _ = LibC.Close(descriptor);
                found.Add(new Participant(directory, name, info));
            }
            else
                _ = directory.Reap(name.Encode());
        }
        return found;
    }

    private sealed class Participant(ObjectDirectory directory, TetherName name, SharedObjectInfo info) : ParticipantBackend
    {
        public override long Id => name.Id;

        public override int ProcessId => name.ProcessId;

        public override WaitableBackend? TryWatch() => TetherWatch.TryWatch(directory, name) is { } watch
            ? new WatchedTether(watch, new SharedObjectInfo
            {
                Name = info.Name,
                Kind = SharedObjectKind.Tether,
                Scope = info.Scope,
                Size = 0,
                CreatorProcessId = name.ProcessId,
            })
            : null;
    }
}
