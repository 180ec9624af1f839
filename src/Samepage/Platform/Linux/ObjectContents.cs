using System.Text;
using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>Writes all of a new object file before anyone can see it.</summary>
internal static unsafe class ObjectContents
{
    // As the process was started with: asking each time costs a hundredth of making an object, and limits hardly ever change under a program.
    private static readonly ulong _longestFile = LongestFile();

    /// <param name="descriptor">The new file, which has no name yet.</param>
    /// <param name="draft">What it will be.</param>
    /// <param name="name">The object's name, or null for an anonymous one.</param>
    public static void Write(int descriptor, in ObjectDraft draft, ObjectName? name)
    {
        CheckFileSizeLimit(draft, name?.Full);
        SegmentHeader header;
        draft.WriteHeader(&header, name?.Bare);
        Put(descriptor, &header, SegmentHeader.Length, 0, draft, name);
        if (draft.BackingPath is not null)
        {
            byte[] path = Encoding.UTF8.GetBytes(draft.BackingPath);
            fixed (byte* p = path)
                Put(descriptor, p, path.Length, SegmentHeader.PathOffset, draft, name);
        }
        CrashSwitch.Reach(CrashPoint.PublishHeaderWritten);

        if (!draft.Kind.IsMemory())
        {
            ulong* state = stackalloc ulong[] { draft.Maximum, draft.State };
            Put(descriptor, state, 2 * sizeof(ulong), StateBlock.MaximumOffset, draft, name);
        }
        else
        {
            // Reserving to the end of the file makes it that long.
            if (draft.CommittedLength > 0 && !draft.IsOverFile)
                FileSpace.Reserve(descriptor, SegmentHeader.PayloadOffsetOfEveryPageSize, draft.CommittedLength, draft.Describe(name?.Full), name?.Full);
            if (draft.CommittedLength != draft.PayloadLength || draft.IsOverFile)
                SetLength(descriptor, draft, name);
        }
        CrashSwitch.Reach(CrashPoint.PublishPayloadReserved);
    }

    private static void SetLength(int descriptor, in ObjectDraft draft, ObjectName? name)
    {
        if (LibC.FTruncate(descriptor, draft.FileLength) != 0)
            throw LinuxErrors.Translate("ftruncate", LinuxErrors.Last, $"Creating {draft.Describe(name?.Full)}", name?.Full, draft.Kind);
    }

    private static void Put(int descriptor, void* from, int count, long offset, in ObjectDraft draft, ObjectName? name)
    {
        nint written = LibC.PWrite(descriptor, from, (nuint)count, offset);
        if (written != count)
        {
            throw LinuxErrors.Translate("pwrite", written < 0 ? LinuxErrors.Last : Errno.ENOSPC,
                $"Creating {draft.Describe(name?.Full)}", name?.Full, draft.Kind);
        }
    }

    private static ulong LongestFile()
    {
        ResourceLimit limit;
        return LibC.GetRLimit(Native.LimitFileSize, &limit) == 0 ? limit.Current : ulong.MaxValue;
    }

    /// <summary>Passing the limit would not return an error but kill the process (SIGXFSZ), so it is looked at first.</summary>
    private static void CheckFileSizeLimit(in ObjectDraft draft, string? name)
    {
        if ((ulong)draft.FileLength > _longestFile)
        {
            throw new SharedObjectException(FailureReason.OutOfSpace,
                $"Creating {draft.Describe(name)} needs a file of {draft.FileLength:N0} bytes, and this process may make none larger than {_longestFile:N0}. Raise ulimit -f.",
                name, draft.Kind, "getrlimit");
        }
    }
}
