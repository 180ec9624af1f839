using System.Globalization;
using System.Text;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>The directory that holds the objects of one scope, checked before it is trusted and kept open from then on.</summary>
internal sealed unsafe class ScopeDirectory
{
    /// <summary>Names another place for the directories of both scopes: for containers that share a volume, and for tests.</summary>
    public const string RootVariable = "SAMEPAGE_ROOT";

    private const uint UserOnly = 0x1C0;        // 0700
    private const uint EveryoneSticky = 0x3FF;  // 1777

    private ScopeDirectory(SharedObjectScope scope, string path, int descriptor)
    {
        Scope = scope;
        Path = path;
        Descriptor = descriptor;
    }

    public static string Root { get; } =
        Environment.GetEnvironmentVariable(RootVariable) is { Length: > 0 } chosen ? chosen.TrimEnd('/') : "/dev/shm";

    public SharedObjectScope Scope { get; }
    public string Path { get; }

    /// <summary>Lives as long as the process, or until the directory was removed under it: then a few bytes of kernel memory are left behind.</summary>
    public int Descriptor { get; }

    public static string PathOf(SharedObjectScope scope) => scope == SharedObjectScope.Global
        ? $"{Root}/samepage"
        : string.Create(CultureInfo.InvariantCulture, $"{Root}/samepage-{LibC.GetEUid()}");

    /// <summary>Null when the directory does not exist and <paramref name="create"/> is false.</summary>
    public static ScopeDirectory? Open(SharedObjectScope scope, bool create)
    {
        string path = PathOf(scope);
        byte[] pathBytes = Terminated(path);
        int descriptor = OpenDirectory(pathBytes);
        if (descriptor < 0 && LinuxErrors.Last == Errno.ENOENT)
        {
            if (!create)
                return null;
            Make(scope, path, pathBytes);
            descriptor = OpenDirectory(pathBytes);
        }
        if (descriptor < 0)
        {
            int error = LinuxErrors.Last;
            throw error is Errno.ELOOP or Errno.ENOTDIR
                ? Hostile(path, "it is a link or a file where a directory belongs")
                : LinuxErrors.Translate("openat", error, $"Opening the directory {path} of the {scope} objects");
        }
        string? fault = Check(scope, descriptor);
        if (fault is null)
            return new ScopeDirectory(scope, path, descriptor);
        _ = LibC.Close(descriptor);
        throw Hostile(path, fault);
    }

    /// <summary>What is wrong with the directory, or null.</summary>
    private static string? Check(SharedObjectScope scope, int descriptor)
    {
        FileStatus status;
        byte empty = 0;
        if (LibC.StatX(descriptor, &empty, Native.EmptyPath, Native.StatBasic, &status) != 0)
            throw LinuxErrors.Translate("statx", LinuxErrors.Last, $"Looking at the directory of the {scope} objects");
        string mode = Convert.ToString(status.Permissions, 8);
        if (scope == SharedObjectScope.Global)
            return (status.Permissions & EveryoneSticky) == EveryoneSticky
                ? null
                : $"its mode is {mode} where 1777 is needed: without the sticky bit anyone could replace another's objects, with less nobody else could make any";
        if (status.UserId != LibC.GetEUid())
            return $"it belongs to user {status.UserId}, not to user {LibC.GetEUid()}";
        return status.Permissions == UserOnly
            ? null
            : $"its mode is {mode} where 0700 is needed: other users could reach into it";
    }

    private static int OpenDirectory(byte[] path)
    {
        fixed (byte* p = path)
            return LibC.OpenAt(Native.CurrentDirectory, p, Native.DirectoryOnly | Native.NoFollow | Native.CloseOnExec, 0);
    }

    private static void Make(SharedObjectScope scope, string path, byte[] pathBytes)
    {
        if (!Directory.Exists(Root))
        {
            throw new SharedObjectException(FailureReason.NotSupported,
                $"The directory {Root}, in which shared objects live, does not exist. Mount a tmpfs there, or name another directory in {RootVariable}.");
        }
        // Made under a name of its own and renamed when its mode is right: nobody ever sees it half-made, whatever the umask.
        byte[] draft = Terminated($"{Root}/.samepage-{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8))}");
        fixed (byte* d = draft, p = pathBytes)
        {
            if (LibC.MkDirAt(Native.CurrentDirectory, d, UserOnly) != 0)
                throw LinuxErrors.Translate("mkdirat", LinuxErrors.Last, $"Making the directory {path} of the {scope} objects");
            int descriptor = LibC.OpenAt(Native.CurrentDirectory, d, Native.DirectoryOnly | Native.NoFollow | Native.CloseOnExec, 0);
            _ = LibC.FChMod(descriptor, scope == SharedObjectScope.Global ? EveryoneSticky : UserOnly);
            _ = LibC.Close(descriptor);
            if (LibC.RenameAt2(Native.CurrentDirectory, d, Native.CurrentDirectory, p, Native.NoReplace) == 0)
                return;
            int error = LinuxErrors.Last;
            _ = LibC.UnlinkAt(Native.CurrentDirectory, d, Native.RemoveDirectory);
            if (error != Errno.EEXIST)
                throw LinuxErrors.Translate("renameat2", error, $"Making the directory {path} of the {scope} objects");
        }
    }

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

    private static SharedObjectException Hostile(string path, string fault) => new(
        FailureReason.AccessDenied,
        $"The directory {path} cannot be trusted: {fault}. Have its owner repair or remove it, or name another place in {RootVariable}.");
}
