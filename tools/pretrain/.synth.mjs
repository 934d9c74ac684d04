import { makeSynthetic } from '@ddad/datasets';
for (const category of ["wood","leather","screw","board"]) await makeSynthetic({out:'/tmp/embed/synth',category,seed:7,size:256,counts:{train:40,testGood:15,testDefect:30}});
