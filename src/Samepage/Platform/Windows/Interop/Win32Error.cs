namespace Samepage.Platform.Windows.Interop;

/// <summary>Error codes (winerror.h).</summary>
internal static class Win32Error
{
    public const int InvalidFunction = 1;
    public const int FileNotFound = 2;
    public const int PathNotFound = 3;
    public const int TooManyOpenFiles = 4;
    public const int AccessDenied = 5;
    public const int InvalidHandle = 6;
    public const int NotEnoughMemory = 8;
    public const int OutOfMemory = 14;
    public const int WriteProtect = 19;
    public const int SharingViolation = 32;
    public const int LockViolation = 33;
    public const int HandleDiskFull = 39;
    public const int NotSupported = 50;
    public const int InvalidParameter = 87;
    public const int DiskFull = 112;
    public const int CallNotImplemented = 120;
    public const int InvalidName = 123;
    public const int BadPathName = 161;
    public const int AlreadyExists = 183;
    public const int NotLocked = 158;
    public const int FileTooLarge = 223;
    public const int NotOwner = 288;
    public const int TooManyPosts = 298;
    public const int InvalidAddress = 487;
    public const int FileInvalid = 1006;
    public const int MappedAlignment = 1132;
    public const int UserMappedFile = 1224;
    public const int PrivilegeNotHeld = 1314;
    public const int NoSystemResources = 1450;
    public const int WorkingSetQuota = 1453;
    public const int PagefileQuota = 1454;
    public const int CommitmentLimit = 1455;
    public const int NotEnoughQuota = 1816;
}
